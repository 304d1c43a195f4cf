/** A draft is tried with a call, and with the calls that its route had, before anybody publishes it. */
import { expect, test } from "@playwright/test";
import { DecisionSite, reasonsOf } from "./support/decision-site.ts";

test("a draft says what it would do with a call, and what it would have changed", async ({ page }) => {
  const site = await DecisionSite.create();
  const route = await site.publish({ strategy: { type: "priority" } });
  const calls = await Promise.all([site.call(route), site.call(route), site.call(route)]);
  for (const { requestId } of calls) await reasonsOf(requestId);

  await page.goto("/routes");
  await page.getByRole("link", { name: route }).click();
  const editor = page.getByRole("dialog", { name: `Route ${route}` });
  await editor.getByRole("button", { name: "What would a call do?" }).click();
  await editor.getByRole("button", { name: "Try this call" }).click();
  const reasons = editor.getByRole("list", { name: "What the draft would do" });
  await expect(reasons).toContainText(`Chose ${site.cheapLabel}: it comes first in the route's order.`);
  await expect(editor.getByText(`${site.cheapLabel} first for all of such calls.`)).toBeVisible();

  await editor.getByRole("button", { name: `Move ${site.dearLabel} up` }).click();
  await editor.getByRole("button", { name: "Plan the last 500 calls again" }).click();
  await expect(reasons).toContainText(`Chose ${site.dearLabel}: it comes first in the route's order.`);
  await expect(
    editor.getByText(/^Of the last 3 calls 3 would go elsewhere, and 0 would find no target\./),
  ).toBeVisible();
  await expect(editor.getByRole("table", { name: "First choices of the last calls" })).toContainText(site.dearLabel);
});
