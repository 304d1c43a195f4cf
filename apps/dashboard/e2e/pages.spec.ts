/** What holds for every page: it loads cleanly under the strict policy, is accessible in both schemes, and fits a phone. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { navigation } from "../src/ui/navigation.ts";
import { callAdminApi } from "./support/admin-api.ts";
import { callOnce, createTenant } from "./support/tenant.ts";

const pages = navigation.flatMap(({ items }) => items);
const phone = { width: 390, height: 844 };

async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator("[aria-busy='true']")).toHaveCount(0);
}

async function expectAccessible(page: Page): Promise<void> {
  // Colours of the old scheme may stand for a frame after a change; what is wrong stays wrong.
  await expect(async () => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(grave.map(({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes[0]?.html}`)).toEqual([]);
  }).toPass({ timeout: 20_000 });
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // Charts follow a change of width in a later frame.
  await expect.poll(overflow).toBe(0);
}

test.beforeAll(async () => {
  const tenant = await createTenant();
  await expect.poll(async () => (await callOnce(tenant.key, tenant.name)).status).toBe(200);
});

for (const { href, label } of pages) {
  test(`${label} loads cleanly, is accessible and fits a phone`, async ({ page }) => {
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await visit(page, href);
    await expect(page).toHaveTitle(`${label} · Switchyard`);
    await expectAccessible(page);

    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html[data-mantine-color-scheme='dark']")).toHaveCount(1);
    await page.setViewportSize(phone);
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });
}

test.describe("the sign-in page", () => {
  test.use({ storageState: { cookies: [], origins: [] } });

  test("is accessible in light and dark", async ({ page }) => {
    await visit(page, "/sign-in");
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
  });
});

test.describe("what opens over a page", () => {
  const firstId = async (path: string): Promise<string> =>
    (await callAdminApi<{ items: { id: string }[] }>("GET", `${path}?limit=1`)).items[0]?.id ?? "";

  const details: readonly { readonly what: string; readonly path: () => Promise<string> }[] = [
    {
      what: "a request",
      path: async () => {
        const { items } = await callAdminApi<{ items: { requestId: string }[] }>("GET", "/api/requests?limit=1");
        return `/requests?request=${items[0]?.requestId}`;
      },
    },
    { what: "a route", path: async () => `/routes?route=${await firstId("/api/routes")}` },
    { what: "a provider", path: async () => `/providers?connection=${await firstId("/api/provider-connections")}` },
    { what: "a model", path: async () => `/models?model=${await firstId("/api/models")}` },
  ];

  for (const { what, path } of details) {
    test(`${what} is accessible, fits a phone and closes with Escape`, async ({ page }) => {
      await page.goto(await path());
      await expect(page.getByRole("dialog")).toBeVisible();
      await expect(page.locator("[aria-busy='true']")).toHaveCount(0);
      await expectAccessible(page);
      await page.setViewportSize(phone);
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
    });
  }
});
