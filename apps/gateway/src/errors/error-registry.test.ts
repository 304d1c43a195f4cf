import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { errorRegistry } from "./error-registry.ts";

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
const documented = new Map(
  [...page.matchAll(/^\| `([a-z_]+)` \| (\d{3})/gm)].map(([, code = "", status]): [string, number] => [
    code,
    Number(status),
  ]),
);

const byCode = ([one]: [string, number], [other]: [string, number]): number => one.localeCompare(other);

it("documents every code with its status, and no other", () => {
  const registered = Object.entries(errorRegistry).map(([code, { status }]): [string, number] => [code, status]);
  expect([...documented].toSorted(byCode)).toEqual(registered.toSorted(byCode));
});

it("calls trouble that is not the client's 5xx or a provider's rate limit", () => {
  const misnamed = Object.entries(errorRegistry).filter(
    ([, { type, status }]) => (type === "service_unavailable" || type === "upstream_error") && status < 500,
  );
  expect(misnamed).toEqual([]);
});

it("has one code that says 401", () => {
  const unauthorised = Object.entries(errorRegistry).filter(([, { status }]) => status === 401);
  expect(unauthorised.map(([code]) => code)).toEqual(["invalid_api_key"]);
});
