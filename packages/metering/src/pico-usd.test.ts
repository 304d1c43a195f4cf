import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUsd, maxAttemptPicoUsd, parsePicoUsd, parseUsd, picoUsd, sumPicoUsd } from "./pico-usd.ts";

describe("parseUsd and formatUsd", () => {
  it.each([
    ["0", 0n],
    ["0.01", 10_000_000_000n],
    ["1", 1_000_000_000_000n],
    ["-2.5", -2_500_000_000_000n],
    ["0.000000000001", 1n],
    ["123456789012345678901234567.000000000001", 123456789012345678901234567_000000000001n],
  ])("%s USD", (text, amount) => {
    expect(parseUsd(text)).toBe(amount);
    expect(formatUsd(picoUsd(amount))).toBe(text);
  });

  it.each(["", ".5", "5.", "1e3", "+1", " 1", "0.0000000000001", "NaN", "1,000"])("refuses %j", (text) => {
    expect(() => parseUsd(text)).toThrow(RangeError);
  });

  it("pads for display without changing the amount", () => {
    expect(formatUsd(picoUsd(1_000_000_000_000n), 2)).toBe("1.00");
    expect(formatUsd(picoUsd(1n), 2)).toBe("0.000000000001");
    expect(formatUsd(picoUsd(-500_000_000_000n), 2)).toBe("-0.50");
  });

  it("round-trips every amount", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (amount) => {
        expect(parseUsd(formatUsd(picoUsd(amount)))).toBe(amount);
        expect(parsePicoUsd(amount.toString())).toBe(amount);
      }),
    );
  });
});

describe("parsePicoUsd", () => {
  it.each(["", "1.0", "0x1", "1n", " 1", "1e3", "--1"])("refuses %j", (text) => {
    expect(() => parsePicoUsd(text)).toThrow(RangeError);
  });
});

describe("sums", () => {
  it("stay exact beyond 64 bits", () => {
    expect(sumPicoUsd([maxAttemptPicoUsd, maxAttemptPicoUsd, picoUsd(1n)])).toBe(2n ** 64n - 1n);
    expect(sumPicoUsd([])).toBe(0n);
  });
});
