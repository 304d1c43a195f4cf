import { randomBytes } from "node:crypto";
import { expect, test } from "@playwright/test";

test("a view is saved, comes first, is removed and comes back", async ({ page }) => {
  const name = `Models ${randomBytes(3).toString("hex")}`;
  await page.goto("/cost?by=model&period=last-month");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Save this view…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("checkbox", { name: "Show it to me first" }).check();
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page.getByRole("button", { name })).toBeVisible();

  await page.goto("/cost");
  await expect(page).toHaveURL(/by=model/);
  await expect(page).toHaveURL(/period=last-month/);

  await page.getByRole("button", { name }).click();
  await page.getByRole("menuitem", { name: "Manage views…" }).click();
  await page.getByRole("button", { name: `Actions of ${name}` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`${name} is back.`)).toBeVisible();
  await page.getByRole("button", { name: `Actions of ${name}` }).click();
  await page.getByRole("menuitem", { name: "Do not show it first" }).click();
  await page.goto("/cost");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name }).click();
  await expect(page).toHaveURL(/by=model/);
});
