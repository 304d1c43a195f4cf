import { describe, expect, it } from "vitest";
import { resolveRange } from "./time-range.ts";

const end = Date.UTC(2026, 10, 21, 12);

describe("the period of a page", () => {
  it("ends now and goes as far back as its preset says", () => {
    expect(resolveRange("7d", null, null, end)).toEqual({
      preset: "7d",
      from: "2026-11-14T12:00:00.000Z",
      to: "2026-11-21T12:00:00.000Z",
    });
  });

  it("is what a custom period says", () => {
    const [from, to] = [new Date(end - 5_000), new Date(end - 1_000)];
    expect(resolveRange("custom", from, to, end)).toEqual({
      preset: "custom",
      from: from.toISOString(),
      to: to.toISOString(),
    });
  });

  it.each([
    [null, null],
    [new Date(end), null],
    [new Date(end), new Date(end - 1)],
  ])("is the last 24 hours where a custom one is none (%s, %s)", (from, to) => {
    expect(resolveRange("custom", from, to, end)).toMatchObject({ preset: "24h", to: "2026-11-21T12:00:00.000Z" });
  });
});
