/** What a route does about failures, targets that do worse than their peers, and a shadow: set in the form, kept by the API. */
import { expect, test } from "@playwright/test";
import type { Route } from "@switchyard/api-contract/routes";
import { callAdminApi, findModel } from "./support/admin-api.ts";
import { createTenant } from "./support/tenant.ts";

test("rules after failures, outlier ejection and a shadow are set, shown as changes, and published", async ({
  page,
}) => {
  const tenant = await createTenant();
  await page.goto("/routes");
  await page.getByRole("link", { name: tenant.name }).click();
  const editor = page.getByRole("dialog", { name: `Route ${tenant.name}` });

  await editor.getByRole("button", { name: "Failover" }).click();
  await editor.getByLabel("Filtered for its content").selectOption({ label: "another target" });
  await editor.getByRole("button", { name: "Targets that do worse than their peers" }).click();
  await editor.getByRole("switch", { name: /^Leave a target out for a while/ }).click();
  await editor.getByLabel("Times as slow as the peers").fill("4");
  await editor.getByRole("button", { name: "Shadow" }).click();
  const shadow = editor.getByRole("region", { name: "Shadow" });
  await shadow.getByRole("combobox", { name: "Connection" }).click();
  await page.getByRole("option", { name: "simulator", exact: true }).click();
  await shadow.getByRole("combobox", { name: "Model" }).fill("sim-small");
  await page.getByRole("option", { name: "sim-small", exact: true }).click();
  await shadow.getByRole("button", { name: "Copy calls to it" }).click();
  await shadow.getByLabel("Share of the calls").fill("20");

  const changes = page.getByRole("table", { name: "Changes that publishing makes" });
  await expect(changes.getByRole("row", { name: /After: filtered for its content/ })).toContainText("another target");
  await expect(changes.getByRole("row", { name: /Left out beside its peers/ })).toContainText("4 times as slow");
  await expect(changes.getByRole("row", { name: /Copies to a shadow/ })).toContainText("20 % of calls, to simulator");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(`Route ${tenant.name} is published`)).toBeVisible();

  const route = await callAdminApi<Route>("GET", `/api/routes/${tenant.routeId}`);
  expect(route.resilience).toMatchObject({
    afterFailure: { contentFilter: "other_target" },
    outlierEjection: { errorPointsAbovePeers: 20, timesSlowerThanPeers: 4, mostPercent: 50, forSeconds: 10 },
  });
  expect(route.shadow).toMatchObject({ modelId: await findModel("sim-small"), percent: 20 });
});
