import { expect, type Page, test } from "@playwright/test";
import { readStack } from "./support/stack.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

async function pass({ key }: Tenant): Promise<string> {
  const response = await fetch(`${readStack().gatewayUrl}/passthrough/simulator/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { error } = (await response.json()) as { error?: { code: string } };
  return `${response.status} ${error?.code ?? "ok"}`;
}

/** The list stays open for more, and lies over what is below it until the focus moves on. */
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole("option", { name, exact: true }).click();
  await page.keyboard.press("Tab");
}

test("a key passes calls through where its project and the key itself allow it", async ({ page }) => {
  const tenant = await createTenant();
  // Gateways hear of the new key within two seconds.
  await expect.poll(() => pass(tenant)).toBe("403 passthrough_not_allowed");

  await page.goto("/teams");
  const team = page.getByRole("region", { name: `Team ${tenant.name}` });
  // The project is called like its team, and stands below it.
  await team
    .getByRole("button", { name: `Actions for ${tenant.name}` })
    .last()
    .click();
  await page.getByRole("menuitem", { name: "Passthrough" }).click();
  const ofProject = page.getByRole("dialog", { name: `Passthrough of ${tenant.name}` });
  await ofProject.getByRole("combobox", { name: "Connections" }).click();
  await choose(page, "simulator");
  await ofProject.getByRole("button", { name: "Save" }).click();
  await expect(team.getByText("Passthrough", { exact: true })).toBeVisible();
  expect(await pass(tenant)).toBe("403 passthrough_not_allowed");

  await page.goto(`/keys?projectId=${tenant.projectId}`);
  await page.getByRole("button", { name: `Actions for ${tenant.name}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("combobox", { name: "Passthrough" }).click();
  await choose(page, "simulator");
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => pass(tenant)).toBe("200 ok");
});
