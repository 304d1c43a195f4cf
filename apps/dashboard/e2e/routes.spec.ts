import { expect, test, type Page } from "@playwright/test";
import { callOnce, createTenant, type Tenant } from "./support/tenant.ts";

/** Calls until the gateway runs the new revision, then some more: every one has to go where the weights say. */
async function expectCallsToGoTo(tenant: Tenant, model: string): Promise<void> {
  await expect.poll(async () => (await callOnce(tenant.key, tenant.name)).model, { timeout: 5_000 }).toBe(model);
  const next = await Promise.all(Array.from({ length: 12 }, () => callOnce(tenant.key, tenant.name)));
  expect(new Set(next.map((call) => call.model))).toEqual(new Set([model]));
}

async function openRoute(page: Page, tenant: Tenant): Promise<void> {
  await page.goto("/routes");
  await page.getByRole("link", { name: tenant.name }).click();
  await expect(page.getByRole("dialog", { name: `Route ${tenant.name}` })).toBeVisible();
}

test("calls follow a weight as soon as it is published", async ({ page }) => {
  const tenant = await createTenant();
  await expectCallsToGoTo(tenant, "sim-large");

  await openRoute(page, tenant);
  await page.getByLabel("Weight of simulator / sim-large, exact").fill("0");
  await page.getByLabel("Weight of simulator / sim-small, exact").fill("40");
  await expect(page.getByRole("table", { name: "Changes that publishing makes" })).toContainText("weight 40");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(`Route ${tenant.name} is published`)).toBeVisible();

  await expectCallsToGoTo(tenant, "sim-small");
  await page.goto(`/requests?routeId=${tenant.routeId}`);
  await expect(page.getByRole("table", { name: /^Requests/ })).toContainText("sim-small");

  await openRoute(page, tenant);
  await expect(page.getByLabel("Weight of simulator / sim-small, exact")).toHaveValue("40");
});

test("a publication can be undone", async ({ page }) => {
  const tenant = await createTenant();
  await openRoute(page, tenant);
  await page.getByLabel("Weight of simulator / sim-large, exact").fill("0");
  await page.getByLabel("Weight of simulator / sim-small, exact").fill("1");
  await page.getByRole("button", { name: "Publish" }).click();
  await expectCallsToGoTo(tenant, "sim-small");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Undone")).toBeVisible();
  await expectCallsToGoTo(tenant, "sim-large");
});

test("a draft without a live target cannot be published and says why", async ({ page }) => {
  const tenant = await createTenant();
  await openRoute(page, tenant);
  await page.getByLabel("Weight of simulator / sim-large, exact").fill("0");
  await expect(page.getByText("Give at least one target a weight above zero.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Publish" })).toBeDisabled();
});

test("publishing works without a mouse, and focus comes back", async ({ page }) => {
  const tenant = await createTenant();
  await page.goto("/routes");
  const row = page.getByRole("link", { name: tenant.name });
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();

  const weight = page.getByLabel("Weight of simulator / sim-small, exact");
  await tabTo(page, weight);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("100");
  await expect(page.getByRole("table", { name: "Changes that publishing makes" })).toContainText("weight 100");
  await tabTo(page, page.getByRole("button", { name: "Publish" }));
  await page.keyboard.press("Enter");

  await expect(page.getByText(`Route ${tenant.name} is published`)).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(row).toBeFocused();
});

/** Presses Tab until the element has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: ReturnType<Page["getByLabel"]>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not lead there");
}
