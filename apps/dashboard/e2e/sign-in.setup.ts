import { expect, test as setup } from "@playwright/test";
import { readStack } from "./support/stack.ts";

setup("a member signs in, and a wrong password does not", async ({ page }) => {
  const { adminEmail, adminPassword } = readStack();
  await page.goto("/keys");
  await expect(page).toHaveURL(/\/sign-in\?returnTo=/);
  await page.getByLabel("E-mail address").fill(adminEmail);
  await page.getByRole("textbox", { name: "Password" }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("E-mail address or password is wrong.")).toBeVisible();

  await page.getByRole("textbox", { name: "Password" }).fill(adminPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Virtual keys" })).toBeVisible();
  await page.context().storageState({ path: "test-results/session.json" });
});
