/** The Providers page: an account is connected, tested, probed while idle, and archived, without touching the API by hand. */
import { randomBytes } from "node:crypto";
import { expect, test } from "@playwright/test";
import { callAdminApi, findByName } from "./support/admin-api.ts";

test("connects an account, tests it, has it probed while idle, and archives it", async ({ page }) => {
  const name = `account-${randomBytes(4).toString("hex")}`;
  await page.goto("/providers");
  await page.getByRole("button", { name: "Connect provider" }).click();
  const form = page.getByRole("dialog", { name: "Connect a provider" });
  await form.getByRole("combobox", { name: "Provider" }).fill("OpenAI-compatible server");
  await page.getByRole("option", { name: "OpenAI-compatible server", exact: true }).click();
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  await form.getByLabel("Base URL").fill(`${process.env["SWITCHYARD_SIMULATOR_URL"]}/${name}/v1`);
  await form.getByLabel("Region").fill("eu-west");
  await form.getByLabel("Credential").fill("sk-simulated-0123456789");
  await form.getByRole("button", { name: "Connect" }).click();

  const detail = page.getByRole("dialog", { name });
  await detail.getByRole("button", { name: "Test connection" }).click();
  await expect(detail.getByText("It works")).toBeVisible();
  await detail.getByRole("switch", { name: "Probe it while no calls go there" }).click();
  await detail.getByLabel("After so long without a call").fill("5");
  await detail.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`${name} is saved.`)).toBeVisible();
  const { id } = await findByName("/api/provider-connections", name);
  const stored = await callAdminApi<{ probe: unknown; region: string }>("GET", `/api/provider-connections/${id}`);
  expect(stored).toMatchObject({ probe: { afterIdleSeconds: 5 }, region: "eu-west" });

  await page.keyboard.press("Escape");
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("eu-west");
  await row.getByRole("link", { name }).click();
  await detail.getByRole("button", { name: "Archive connection" }).click();
  await page
    .getByRole("dialog", { name: `Archive ${name}?` })
    .getByRole("button", { name: "Archive connection" })
    .click();
  await expect(row).toHaveCount(0);
});
