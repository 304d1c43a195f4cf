import { expect, test } from "@playwright/test";
import { callAdminApi } from "./support/admin-api.ts";
import { callOnce, createTenant } from "./support/tenant.ts";

test("a hard budget stops calls at its limit and shows it", async ({ page }) => {
  const tenant = await createTenant();
  await page.goto("/budgets");
  await page.getByRole("button", { name: "New budget" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: "Name" }).fill(tenant.name);
  await form.getByRole("combobox", { name: "For", exact: true }).click();
  await page.getByRole("option", { name: "A project" }).click();
  await form.getByRole("combobox", { name: "Which" }).fill(tenant.name);
  await page.getByRole("option", { name: `${tenant.name} / ${tenant.name}` }).click();
  await form.getByRole("textbox", { name: "Limit" }).fill("0.002");
  await form.getByRole("button", { name: "Set budget" }).click();

  const budget = page.getByRole("region", { name: `Budget ${tenant.name}` });
  await expect(budget).toContainText("$0.002");

  // A call holds its worst case, so some must pass and then one must not.
  let passed = 0;
  await expect
    .poll(
      async () => {
        const call = await callOnce(tenant.key, tenant.name);
        if (call.status === 200) passed++;
        return call.code ?? call.status;
      },
      { timeout: 30_000, intervals: [20] },
    )
    .toBe("budget_exceeded");
  expect(passed).toBeGreaterThan(0);
  expect((await callOnce(tenant.key, tenant.name)).status).toBe(429);

  await page.goto(`/requests?projectId=${tenant.projectId}&outcome=failed`);
  await expect(page.getByRole("table", { name: /^Requests/ })).toContainText("429 budget_exceeded");

  await page
    .getByRole("table", { name: /^Requests/ })
    .getByRole("link")
    .first()
    .click();
  await page.getByRole("link", { name: "Why was it blocked?" }).click();
  const report = page.getByRole("region", { name: "Why it was blocked" });
  await expect(report).toContainText(`The budget “${tenant.name}” refused it.`);
  await expect(report).toContainText("$0.002");
  await expect(report).toContainText("(owner)");
  await report.getByRole("link", { name: "Open the budgets" }).click();
  const tried = page.getByRole("textbox", { name: `Limit of ${tenant.name} to try` });
  const row = page.getByRole("row").filter({ has: tried });
  await tried.fill("0");
  await expect(row).toContainText("refuses now");
  await expect(page).toHaveURL(/if=[^&]*%3A0|if=[^&]*:0/);
  await tried.fill("1000");
  await expect(row).not.toContainText("refuses now");
  await page.getByRole("button", { name: "Back to the limits in force" }).click();
  await expect(tried).toHaveValue("0.002");

  await page.goto("/budgets");
  await expect(budget.getByRole("definition").first()).not.toHaveText("$0.00");
  const { items } = await callAdminApi<{ items: { name: string; limitUsd: string; state: { usedUsd: string } }[] }>(
    "GET",
    "/api/budgets?limit=200",
  );
  const state = items.find(({ name }) => name === tenant.name);
  expect(Number(state?.state.usedUsd)).toBeGreaterThan(0);
  expect(Number(state?.state.usedUsd)).toBeLessThanOrEqual(Number(state?.limitUsd));
});
