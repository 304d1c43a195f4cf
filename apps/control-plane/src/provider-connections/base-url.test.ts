import { describe, expect, it } from "vitest";
import { normaliseBaseUrl, originOf } from "./base-url.ts";

describe("normaliseBaseUrl", () => {
  it.each([
    ["https://one.example/v1/", "https://one.example/v1"],
    ["https://ONE.example:443", "https://one.example"],
    ["http://127.1/v1//", "http://127.0.0.1/v1"],
  ])("spells %s as %s", (text, expected) => {
    expect(normaliseBaseUrl(text)).toBe(expected);
  });
});

describe("originOf", () => {
  it("is scheme, host and port", () => {
    expect(originOf("https://one.example:8443/v1")).toBe("https://one.example:8443");
  });
});
