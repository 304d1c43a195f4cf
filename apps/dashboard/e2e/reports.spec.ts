import { expect, test } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { formatUsd, parseUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { readCsv } from "./support/read-csv.ts";
import { createTenant } from "./support/tenant.ts";

test("a report is made on demand, read, and downloaded with the same sum", async ({ page }) => {
  const { name, teamId } = await createTenant();
  const now = new Date();
  const lastMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
  await page.goto(`/reports?teamId=${teamId}&month=${lastMonth}`);
  await page.getByRole("button", { name: "Make it now" }).click();
  await page.getByRole("button", { name: "Make report" }).click();
  const list = page.getByRole("table", { name: "Monthly reports, newest first" });
  await expect(list.getByText("Made", { exact: true }).last()).toBeVisible({ timeout: 40_000 });
  await list
    .getByRole("link", { name: `${lastMonth} · ${name}` })
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}, ${lastMonth}`);
  await expect(page.getByRole("button", { name: "Print" })).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "CSV" }).click();
  const rows = readCsv(await readFile(await (await download).path(), "utf8"));
  const sumOf = (section: string) =>
    formatUsd(
      sumPicoUsd(rows.filter((row) => row["section"] === section).map((row) => parseUsd(row["cost_usd"] ?? ""))),
    );
  expect(sumOf("days")).toBe(sumOf("total"));
  expect(sumOf("models")).toBe(sumOf("total"));
});
