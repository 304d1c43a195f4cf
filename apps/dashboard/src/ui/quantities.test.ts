import { describe, expect, it } from "vitest";
import { showAgo, showBytes, showDuration, showExactUsd, showShare, showUsd } from "./quantities.ts";

describe("dollars", () => {
  it("are cents from one dollar up and finer below", () => {
    expect(showUsd("1234.567")).toBe("$1,234.57");
    expect(showUsd("0.125")).toBe("$0.125");
    expect(showUsd("0.00123456")).toBe("$0.001235");
  });

  it("never read as zero unless they are", () => {
    expect(showUsd("0")).toBe("$0.00");
    expect(showUsd("0.000000000001")).toBe("< $0.000001");
    expect(showUsd("-0.5")).toBe("−$0.50");
  });

  it("have an exact form with every digit", () => {
    expect(showExactUsd("1234567.000000250001")).toBe("$1,234,567.000000250001");
    expect(showExactUsd("-0.5")).toBe("−$0.50");
    expect(showExactUsd("0")).toBe("$0.00");
  });

  it("stay exact beyond what a float can hold", () => {
    expect(showExactUsd("90071992547409931.000000000001")).toBe("$90,071,992,547,409,931.000000000001");
  });
});

describe("other quantities", () => {
  it("say that there is nothing to say", () => {
    expect(showShare(0, 0)).toBe("–");
    expect(showDuration(null)).toBe("–");
  });

  it("choose the unit that fits", () => {
    expect(showDuration(3.21)).toBe("3.2 ms");
    expect(showDuration(1_234)).toBe("1.23 s");
    expect(showDuration(180_000)).toBe("3.0 min");
    expect(showBytes(512)).toBe("512 B");
    expect(showBytes(48_231_936_001n)).toBe("48 GB");
    expect(showBytes(1_500)).toBe("1.5 kB");
  });

  it("tell how long ago", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(showAgo("2026-11-21T11:59:40Z", now)).toBe("just now");
    expect(showAgo("2026-11-21T11:15:00Z", now)).toBe("45 min ago");
    expect(showAgo("2026-11-20T11:00:00Z", now)).toBe("25 h ago");
    expect(showAgo("2026-11-24T13:00:00Z", now)).toBe("in 3 days");
  });
});
