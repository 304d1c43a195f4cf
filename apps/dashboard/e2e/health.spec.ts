/** The Health page: what gateways find out about targets, and the switch that takes a connection out of service. */
import { expect, test } from "@playwright/test";
import { DecisionSite } from "./support/decision-site.ts";

test("shows which target is in trouble and why, and takes a connection out of service and back", async ({ page }) => {
  const site = await DecisionSite.create();
  await site.behave("north", { errorRate: 1, errorStatus: 503 });
  const route = await site.publish({ strategy: { type: "priority" } });
  const calls = await Promise.all(Array.from({ length: 12 }, () => site.call(route)));
  expect(new Set(calls.map(({ status }) => status))).toEqual(new Set([200]));

  await page.goto("/health");
  const rowOf = (label: string) => page.getByRole("row").filter({ hasText: label });
  const north = rowOf(site.cheapLabel);
  const east = rowOf(site.dearLabel);
  // A gateway reports every five seconds.
  await expect(north.getByText(/^(Circuit open|On trial)/)).toBeVisible({ timeout: 12_000 });
  await expect(north).toContainText("overloaded");
  await expect(north).toContainText("eu-north");
  await expect(east.getByText("Takes calls")).toBeVisible();
  await expect(east).toContainText("none");

  await east.getByRole("button", { name: `Drain ${site.name}-east` }).click();
  await expect(east.getByText("Drained")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(east.getByText("Takes calls")).toBeVisible();
});
