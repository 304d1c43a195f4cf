import { expect, test } from "@playwright/test";
import { formatUsd, parseUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { showUsd } from "../src/ui/quantities.ts";
import { callAdminApi, type LedgerSummary } from "./support/admin-api.ts";
import { readCsv } from "./support/read-csv.ts";
import { callOnce, createTenant } from "./support/tenant.ts";

test("the exported report adds up to the ledger, to the last digit", async ({ page }) => {
  const tenant = await createTenant();
  await expect.poll(async () => (await callOnce(tenant.key, tenant.name)).status).toBe(200);
  const calls = await Promise.all(Array.from({ length: 9 }, () => callOnce(tenant.key, tenant.name)));
  expect(calls.every(({ status }) => status === 200)).toBe(true);

  const now = new Date();
  const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)).toISOString();
  const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString();
  const readLedger = () =>
    callAdminApi<LedgerSummary>("GET", `/api/reports/ledger?from=${from}&to=${to}&virtualKeyId=${tenant.keyId}`);
  await expect.poll(async () => (await readLedger()).settles, { timeout: 30_000 }).toBe(10);
  const ledger = await readLedger();
  expect(parseUsd(ledger.spendUsd)).toBeGreaterThan(0n);

  await page.goto(`/cost?by=project,model&virtualKeyId=${tenant.keyId}`);
  const table = page.getByRole("table", { name: "Cost by Project › Model" });
  await expect(table).toContainText("sim-large");
  await expect(table.getByRole("row", { name: /^Total/ })).toContainText(showUsd(ledger.spendUsd));

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: "CSV", exact: true }).click();
  const csv = await readFile(await (await download).path(), "utf8");
  const rows = readCsv(csv);
  const tray = page.getByRole("region", { name: "Downloads" });
  await expect(tray).toContainText(`Saved: ${rows.length} rows`);
  const manifestDownload = page.waitForEvent("download");
  await tray.getByRole("link", { name: /^Manifest of CSV/ }).click();
  const manifest = JSON.parse(await readFile(await (await manifestDownload).path(), "utf8")) as { sha256: string };
  expect(manifest.sha256).toBe(createHash("sha256").update(csv).digest("hex"));
  expect(new Set(rows.map((row) => row["project"]))).toEqual(new Set([tenant.name]));
  const sum = sumPicoUsd(rows.map((row) => parseUsd(row["cost_usd"] ?? "")));
  expect(formatUsd(sum)).toBe(formatUsd(parseUsd(ledger.spendUsd)));
});
