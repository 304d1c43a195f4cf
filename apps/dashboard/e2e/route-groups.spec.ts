/** Groups and their conditions, made in the route form, decide where calls go. */
import { expect, test, type Page } from "@playwright/test";
import { callAdminApi } from "./support/admin-api.ts";
import { DecisionSite } from "./support/decision-site.ts";

async function openEditor(page: Page, route: string) {
  await page.goto("/routes");
  await page.getByRole("link", { name: route }).click();
  const editor = page.getByRole("dialog", { name: `Route ${route}` });
  await expect(editor).toBeVisible();
  return editor;
}

async function choose(page: Page, select: ReturnType<Page["getByRole"]>, option: string): Promise<void> {
  await select.click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

test("a group with a condition is made in the form, published, and followed", async ({ page }) => {
  const site = await DecisionSite.create();
  const route = await site.publish({ strategy: { type: "priority" } });
  const editor = await openEditor(page, route);

  await editor.getByRole("button", { name: "Add group", exact: true }).click();
  const empty = editor.getByRole("region", { name: "Group Group 1" });
  await expect(empty.getByRole("alert")).toHaveText("Group Group 1 has no members.");
  await expect(editor.getByRole("button", { name: "Publish" })).toBeDisabled();

  await empty.getByRole("textbox", { name: "Name of the group" }).fill("Tests");
  const group = editor.getByRole("region", { name: "Group Tests" });
  await group.getByRole("button", { name: "Add condition" }).click();
  await expect(group.getByText("Name the tag.")).toBeVisible();
  await group.getByLabel("Condition 1: name of the tag").fill("env");
  await expect(group.getByText("Give it at least one value.")).toBeVisible();
  await group.getByLabel("Condition 1: values").fill("test");
  await page.keyboard.press("Enter");

  await choose(page, editor.getByRole("combobox", { name: `Group of ${site.dearLabel}` }), "In Tests");
  await expect(group.getByRole("alert")).toHaveCount(0);
  await choose(page, editor.getByRole("combobox", { name: "Strategy" }).first(), "By condition");
  await editor.getByRole("button", { name: "Move group Tests up" }).click();
  await expect(page.getByRole("table", { name: "Changes that publishing makes" })).toContainText(
    "Tests, In order, for tag env is test, weight 100",
  );
  await editor.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(`Route ${route} is published`)).toBeVisible();

  const tagged = { headers: { "x-switchyard-tags": "env=test" } };
  await expect.poll(async () => (await site.call(route, tagged)).model).toBe(`${site.name}-dear`);
  expect((await site.call(route)).model).toBe(`${site.name}-cheap`);
});

test("groups nest, contradictions are said at the condition, and a dissolved group leaves its members", async ({
  page,
}) => {
  const site = await DecisionSite.create();
  const clause = { fact: "input_tokens", atLeast: 1_000 };
  const route = await site.publish({
    strategy: { type: "priority" },
    targets: [site.cheap, { ...site.dear, groupId: "inner" }],
    groups: [
      {
        groupId: "outer",
        name: "Outer",
        weight: 1,
        enabled: true,
        strategy: { type: "priority" },
        when: { match: "all", clauses: [clause] },
      },
      {
        groupId: "inner",
        name: "Inner",
        parentGroupId: "outer",
        weight: 1,
        enabled: true,
        strategy: { type: "priority" },
      },
    ],
  });
  const editor = await openEditor(page, route);
  const inner = editor.getByRole("region", { name: "Group Outer" }).getByRole("region", { name: "Group Inner" });
  await inner.getByRole("button", { name: "Add condition" }).click();
  await choose(page, inner.getByRole("combobox", { name: "What condition 1 is about" }), "Tokens of input");
  await inner.getByLabel("Condition 1: at most").fill("999");
  await expect(inner.getByRole("alert")).toHaveText("Nothing is at least 1000 and at most 999.");
  await expect(editor.getByRole("button", { name: "Publish" })).toBeDisabled();
  await inner.getByRole("button", { name: "Remove condition 1" }).click();

  await editor.getByRole("button", { name: "Dissolve group Outer" }).focus();
  await page.keyboard.press("Enter");
  await expect(editor.getByRole("region", { name: "Group Outer" })).toHaveCount(0);
  await editor.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText(`Route ${route} is published`)).toBeVisible();
  const { items } = await callAdminApi<{
    items: { name: string; groups: { name: string; parentGroupId?: string }[] }[];
  }>("GET", "/api/routes?limit=200");
  expect(items.find(({ name }) => name === route)?.groups.map(({ name }) => name)).toEqual(["Inner"]);
});
