/** What came of a route's calls, read from the roll-ups: the figures at the head of its page. */
import { expect, test } from "@playwright/test";
import { DecisionSite, reasonsOf } from "./support/decision-site.ts";

test("a route says what a success cost, what was rescued, and how each target did", async ({ page }) => {
  const site = await DecisionSite.create();
  await site.behave("north", { refusal: true });
  const route = await site.publish({ strategy: { type: "cascade", refusals: true } });
  await page.goto("/routes");
  await page.getByRole("link", { name: route }).click();
  const editor = page.getByRole("dialog", { name: `Route ${route}` });
  await expect(editor.getByText("No calls in this period.")).toBeVisible();

  const calls = await Promise.all([site.call(route), site.call(route), site.call(route)]);
  for (const { requestId } of calls) await reasonsOf(requestId);
  await page.reload();
  const outcomes = editor.getByRole("region", { name: "Outcomes" });
  await expect(outcomes.getByText("3 of 3 calls")).toBeVisible();
  await expect(outcomes.getByText("3 of 3 escalated")).toBeVisible();
  await expect(outcomes.getByText("too few calls for an interval")).toBeVisible();
  const table = outcomes.getByRole("table", { name: "Outcomes by kind of task and target" });
  await expect(table.getByRole("row")).toHaveCount(3);
  await outcomes.getByText("24 h").click();
  await expect(page).toHaveURL(/range=24h/);
  await expect(table.getByRole("row")).toHaveCount(3);
});
