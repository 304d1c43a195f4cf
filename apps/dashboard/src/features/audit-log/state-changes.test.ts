import { describe, expect, it } from "vitest";
import { changesBetween } from "./state-changes.ts";

describe("changes between two states", () => {
  it("are none for equal states", () => {
    expect(changesBetween({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([]);
  });

  it("name the leaf that changed", () => {
    expect(changesBetween({ targets: [{ weight: 70 }] }, { targets: [{ weight: 30 }] })).toEqual([
      { path: "targets › 0 › weight", before: "70", after: "30" },
    ]);
  });

  it("tell absent from null", () => {
    expect(changesBetween({ expiresAt: null }, {})).toEqual([{ path: "expiresAt", before: "none", after: null }]);
  });

  it("show a creation as all of its fields", () => {
    expect(changesBetween(null, { name: "Search" })).toEqual([{ path: "name", before: null, after: '"Search"' }]);
  });
});
