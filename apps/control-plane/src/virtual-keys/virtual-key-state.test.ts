import { describe, expect, it } from "vitest";
import { hintOfKey, stateOfKey } from "./virtual-key-state.ts";

const now = new Date(1_000);
const past = new Date(999);
const future = new Date(1_001);
const none = { expiresAt: null, overlapEndsAt: null, revokedAt: null };

describe("stateOfKey", () => {
  it.each([
    ["active", {}],
    ["active", { expiresAt: future }],
    ["expired", { expiresAt: past }],
    ["expired", { expiresAt: now }],
    ["rotating", { overlapEndsAt: future }],
    ["expired", { overlapEndsAt: past }],
    ["expired", { overlapEndsAt: future, expiresAt: past }],
    ["revoked", { revokedAt: past }],
    ["revoked", { revokedAt: past, expiresAt: past }],
  ])("is %s with %j", (expected, instants) => {
    expect(stateOfKey({ ...none, ...instants }, now)).toBe(expected);
  });
});

describe("hintOfKey", () => {
  it("shows the public part and the end", () => {
    expect(hintOfKey({ publicId: "AbCdEfGhIjKl", lastFour: "wxyz" })).toBe("sk-sy-AbCdEfGhIjKl_…wxyz");
  });
});
