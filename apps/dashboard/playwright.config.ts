import { defineConfig, devices } from "@playwright/test";

/** Where the stack under test has its dashboard; tools that only read this file have none. */
const adminUrl = process.env["SWITCHYARD_ADMIN_URL"];
/** Debian's Chromium, or any other, where Playwright cannot download its own. */
const executablePath = process.env["SWITCHYARD_CHROMIUM"];
const headlessArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // Every test makes its own team, route and key, so they may run side by side.
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"]],
  timeout: 120_000,
  // A busy machine is slow, not broken.
  expect: { timeout: 30_000 },
  use: {
    ...devices["Desktop Chrome"],
    ...(adminUrl ? { baseURL: adminUrl } : {}),
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: headlessArguments },
    screenshot: "only-on-failure",
    // Recording every step slows every test; it is for the one that is looked into.
    trace: process.env["SWITCHYARD_TRACE"] ? "retain-on-failure" : "off",
  },
  projects: [
    { name: "sign-in", testMatch: "sign-in.setup.ts" },
    {
      name: "pages",
      dependencies: ["sign-in"],
      testIgnore: "corrupt-revision.spec.ts",
      use: { storageState: "test-results/session.json" },
    },
    // What others publish would mend what this one breaks.
    {
      name: "corrupt-revision",
      dependencies: ["pages"],
      testMatch: "corrupt-revision.spec.ts",
      fullyParallel: false,
      workers: 1,
      use: { storageState: "test-results/session.json" },
    },
  ],
});
