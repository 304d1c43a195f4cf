import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorRegistry } from "./error-registry.ts";

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
const documented = new Map([...page.matchAll(/^\| `([a-z_]+)` \| (\d{3})/gm)].map(([, code, status]) => [code, Number(status)]));

it("documents every code with its status, and no other", () => {
  const registered = Object.entries(errorRegistry).map(([code, { status }]) => [code, status]);
  expect([...documented].toSorted()).toEqual(registered.toSorted());
});

it("calls trouble that is not the client's 5xx or a provider's rate limit", () => {
  for (const [code, { type, status }] of Object.entries(errorRegistry)) {
    if (type === "service_unavailable" || type === "upstream_error") expect([code, status >= 500]).toEqual([code, true]);
    if (status === 401) expect(code).toBe("invalid_api_key");
  }
});
