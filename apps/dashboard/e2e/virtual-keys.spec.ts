import { expect, test } from "@playwright/test";
import { callOnce, createTenant } from "./support/tenant.ts";

test("a key works from the moment it is shown until it is revoked", async ({ page }) => {
  const tenant = await createTenant();
  const name = `${tenant.name}-ci`;
  await page.goto(`/keys?projectId=${tenant.projectId}`);
  await page.getByRole("button", { name: "Issue key" }).first().click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Issue key" }).click();

  const shown = page.getByRole("dialog", { name: "The new key" });
  const token = (await shown.getByText(/^sk-sy-/).textContent()) ?? "";
  expect(token).toMatch(/^sk-sy-\w+$/);
  await shown.getByRole("button", { name: "I have copied it" }).click();
  await expect(page.getByText(token)).toHaveCount(0);

  // Gateways hear of a new key within two seconds.
  await expect.poll(async () => (await callOnce(token, tenant.name)).status, { timeout: 5_000 }).toBe(200);

  const row = page.getByRole("row", { name });
  await expect(row).toContainText("Active");
  await row.getByRole("button", { name: `Actions for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await expect(row).toContainText("Revoked");

  await expect.poll(async () => (await callOnce(token, tenant.name)).status, { timeout: 5_000 }).toBe(401);
  // The other key of the project is not touched.
  expect((await callOnce(tenant.key, tenant.name)).status).toBe(200);
});

test("a rotated key and its successor both work during the overlap", async ({ page }) => {
  const tenant = await createTenant();
  await page.goto(`/keys?projectId=${tenant.projectId}`);
  await page.getByRole("button", { name: `Actions for ${tenant.name}` }).click();
  await page.getByRole("menuitem", { name: "Rotate" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  const successor =
    (await page
      .getByRole("dialog", { name: "The new key" })
      .getByText(/^sk-sy-/)
      .textContent()) ?? "";
  await page.getByRole("button", { name: "I have copied it" }).click();

  await expect.poll(async () => (await callOnce(successor, tenant.name)).status, { timeout: 5_000 }).toBe(200);
  expect((await callOnce(tenant.key, tenant.name)).status).toBe(200);
  await expect(page.getByRole("table", { name: "Virtual keys" })).toContainText("Rotating");
});
