import { expect, it } from "vitest";
import { parsePicoUsd, parseUsd } from "../pico-usd.ts";
import { causeOfResidual, isSameModel, residualOf, type ReconciledFigures } from "./residual-causes.ts";

type Ours = NonNullable<ReconciledFigures["ours"]>;
type Theirs = NonNullable<ReconciledFigures["theirs"]>;

const nothing = parsePicoUsd("0");
const ours = (cost: string, more: Partial<Ours> = {}): Ours => ({
  costPicoUsd: parseUsd(cost),
  tokens: 100n,
  requests: 1n,
  uncertainPicoUsd: nothing,
  unpricedAttempts: 0n,
  ...more,
});
const theirs = (cost: string | null, tokens: bigint | null = null): Theirs => ({
  costPicoUsd: cost === null ? null : parseUsd(cost),
  tokens,
  requests: null,
});

it.each([
  ["none", ours("1"), theirs("1"), []],
  ["none", ours("1"), theirs(null, 100n), []],
  ["none", ours("0"), null, []],
  ["rounding", ours("1.004"), theirs("1"), []],
  ["not_through_gateway", null, theirs("3"), []],
  ["not_on_statement", ours("3"), null, []],
  ["unpriced", ours("1", { unpricedAttempts: 2n }), theirs("3"), []],
  ["uncertain", ours("3", { uncertainPicoUsd: parseUsd("2.5") }), theirs("1"), []],
  ["day_boundary", ours("3"), theirs("1"), ["2.001"]],
  ["price_differs", ours("3"), theirs("2", 100n), ["5"]],
  ["usage_differs", ours("3"), theirs("2", 90n), []],
  ["usage_differs", ours("3"), theirs(null, 90n), []],
  ["unexplained", ours("3"), theirs("2"), []],
  ["unexplained", ours("3", { uncertainPicoUsd: parseUsd("0.5") }), theirs("2"), []],
] as const)("is %s", (cause, our, their, neighbours) => {
  const figures = { ours: our, theirs: their, neighbouringPicoUsd: neighbours.map(parseUsd) };
  expect(causeOfResidual(figures, true)).toBe(cause);
  expect(causeOfResidual(figures, false)).toBe("no_statement");
});

it("is theirs less ours", () => {
  expect(residualOf({ ours: ours("3"), theirs: theirs("2") })).toBe(-parseUsd("1"));
  expect(residualOf({ ours: null, theirs: theirs("2") })).toBe(parseUsd("2"));
  expect(residualOf({ ours: ours("3"), theirs: null })).toBe(-parseUsd("3"));
  expect(residualOf({ ours: ours("3"), theirs: theirs(null, 1n) })).toBeNull();
});

it.each([
  ["gpt-4o-mini-2024-07-18", "gpt-4o-mini", true],
  ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929", true],
  ["gemini-3-pro@20260101", "gemini-3-pro", true],
  ["gpt-4o-mini", "gpt-4o", false],
  ["gpt-4o-audio-preview", "gpt-4o", false],
])("%s and %s: %s", (their, our, isSame) => {
  expect(isSameModel(their, our)).toBe(isSame);
});
