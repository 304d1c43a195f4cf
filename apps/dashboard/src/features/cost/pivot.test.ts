import { describe, expect, it } from "vitest";
import { changeOf, pivot, sortRows, visibleRows } from "./pivot.ts";
import { picoUsd } from "@switchyard/metering/pico-usd";

const cell = (names: (string | null)[], costUsd: string, fields: { previous?: string; requests?: number } = {}) => ({
  keys: names.map((name) => ({ id: name, name: name ?? "none" })),
  costUsd,
  requests: fields.requests ?? 1,
  tokens: "10",
  previousCostUsd: fields.previous ?? null,
});

describe("a pivot", () => {
  const rows = pivot(
    [
      cell(["search", "gpt"], "0.000000000001", { previous: "0", requests: 2 }),
      cell(["search", "llama"], "90071992547409931", { previous: "1", requests: 3 }),
      cell(["support", "gpt"], "2", { previous: "4" }),
      cell([null, "gpt"], "1"),
    ],
    ["team", "model"],
  );

  it("adds up exactly, beyond what a float can hold", () => {
    expect(rows[0]?.cost).toBe(90071992547409931_000000000001n);
    expect(rows[0]?.requests).toBe(5);
    expect(rows[0]?.children.map(({ name }) => name)).toEqual(["gpt", "llama"]);
  });

  it("keeps calls without a value apart", () => {
    expect(rows.map(({ name }) => name)).toEqual(["search", "support", "none"]);
    expect(new Set(rows.map(({ path }) => path)).size).toBe(3);
  });

  it("compares only where the report does", () => {
    expect(rows.map(({ previous }) => previous)).toEqual([1_000_000_000_000n, 4_000_000_000_000n, null]);
  });

  it("counts no calls where a call counts in several rows", () => {
    const ofMeters = pivot([{ ...cell(["a", "input"], "1"), requests: null }], ["team", "meter"])[0];
    expect([ofMeters?.requests, ofMeters?.costAddsUp]).toEqual([null, true]);
    const ofTags = pivot([cell(["a", "env=prod"], "1")], ["team", "tag"])[0];
    expect([ofTags?.requests, ofTags?.costAddsUp]).toEqual([null, false]);
  });

  it("sorts within groups and breaks ties by name", () => {
    const sorted = sortRows(rows, { by: "cost", isDescending: true });
    expect(sorted.map(({ name }) => name)).toEqual(["search", "support", "none"]);
    expect(sorted[0]?.children.map(({ name }) => name)).toEqual(["llama", "gpt"]);
    const same = pivot([cell(["b"], "1"), cell(["a"], "1")], ["team"]);
    expect(sortRows(same, { by: "cost", isDescending: true }).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("puts what cannot be compared below everything that can", () => {
    const sorted = sortRows(rows, { by: "change", isDescending: true });
    expect(sorted.at(-1)?.name).toBe("none");
  });

  it("shows the rows of open groups only", () => {
    const open = visibleRows(rows, ({ name }) => name === "search");
    expect(open.map(({ name, depth }) => `${depth}${name}`)).toEqual([
      "0search",
      "1gpt",
      "1llama",
      "0support",
      "0none",
    ]);
  });
});

describe("change against the period before", () => {
  it("is a share of it", () => {
    expect(changeOf(picoUsd(150n), picoUsd(100n))).toBe(0.5);
    expect(changeOf(picoUsd(0n), picoUsd(100n))).toBe(-1);
  });

  it("is unknown against nothing", () => {
    expect(changeOf(picoUsd(1n), picoUsd(0n))).toBeNull();
    expect(changeOf(picoUsd(1n), null)).toBeNull();
  });
});
