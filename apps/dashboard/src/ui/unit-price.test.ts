import { describe, expect, it } from "vitest";
import { showUnitPrice } from "./unit-price.ts";

describe("a unit price", () => {
  it("of tokens is shown by the million, whatever it was given for", () => {
    expect(showUnitPrice("2.50", 1_000_000, "input")).toBe("$2.50 / 1M tokens");
    expect(showUnitPrice("0.0025", 1_000, "output")).toBe("$2.50 / 1M tokens");
    expect(showUnitPrice("0.0000025", 1, "cached_input")).toBe("$2.50 / 1M tokens");
  });

  it("keeps every digit", () => {
    expect(showUnitPrice("3.123456", 1_000_000, "input")).toBe("$3.123456 / 1M tokens");
    expect(showUnitPrice("0.000000000001", 1, "input")).toBe("$0.000001 / 1M tokens");
  });

  it("of anything else is shown by the piece", () => {
    expect(showUnitPrice("0.04", 1, "images")).toBe("$0.04 / image");
    expect(showUnitPrice("10", 1_000, "requests")).toBe("$0.01 / request");
    expect(showUnitPrice("15", 1_000_000, "characters")).toBe("$15.00 / 1M characters");
  });
});
