import { expect, test, type Page } from "@playwright/test";
import { callOnce, createTenant, type Tenant } from "./support/tenant.ts";

async function chooseStrategy(page: Page, tenant: Tenant, strategy: string): Promise<void> {
  await page.goto("/routes");
  await page.getByRole("link", { name: tenant.name }).click();
  const editor = page.getByRole("dialog", { name: `Route ${tenant.name}` });
  await expect(editor.getByRole("figure", { name: /^Split/ })).toBeVisible();
  await editor.getByRole("combobox", { name: "Strategy" }).click();
  await page.getByRole("option", { name: strategy }).click();
  await expect(editor.getByRole("figure", { name: /^Split/ })).toBeHidden();
}

test("a route takes its targets in the order that they are moved into", async ({ page }) => {
  const tenant = await createTenant();
  await chooseStrategy(page, tenant, "In order");
  await page.getByRole("button", { name: "Move simulator / sim-small up" }).click();
  await expect(page.getByRole("table", { name: "Changes that publishing makes" })).toContainText("In order");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(`Route ${tenant.name} is published`)).toBeVisible();

  await expect.poll(async () => (await callOnce(tenant.key, tenant.name)).model, { timeout: 5_000 }).toBe("sim-small");
  await expect(page.getByRole("link", { name: tenant.name })).toContainText("In order");
});

test("a strategy's own settings are kept", async ({ page }) => {
  const tenant = await createTenant();
  await chooseStrategy(page, tenant, "Cheapest");
  await page.getByLabel("Usual answer").fill("2000");
  await expect(page.getByRole("table", { name: "Changes that publishing makes" })).toContainText(
    "Cheapest, for 2,000 tokens of answer",
  );
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("link", { name: tenant.name })).toContainText("Cheapest, for 2,000 tokens of answer");
});
