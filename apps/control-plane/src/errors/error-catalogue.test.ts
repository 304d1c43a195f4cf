import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorCatalogue } from "./error-catalogue.ts";

const page = readFileSync(new URL("../../../../docs/errors-control-plane.md", import.meta.url), "utf8");
const documented = new Map(
  [...page.matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)].map(([, code = "", status = ""]) => [code, Number(status)]),
);

describe("error catalogue", () => {
  it("is documented, code by code and status by status", () => {
    const declared = new Map(Object.entries(errorCatalogue).map(([code, { status }]) => [code, status]));
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(declared));
  });
});
