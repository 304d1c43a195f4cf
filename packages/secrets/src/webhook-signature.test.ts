import { describe, expect, it } from "vitest";
import { signWebhook } from "./webhook-signature.ts";

describe("webhook signature", () => {
  it("is HMAC-SHA256 over timestamp and body", () => {
    // printf '%s' '1700000000000.{}' | openssl dgst -sha256 -hmac secret
    expect(signWebhook("secret", "{}", 1_700_000_000_000)).toBe(
      "t=1700000000000,v1=8399216d111287e3bb28e25c0f4f31dffdf831c68c9ee2b96c2f67c9b81d341b",
    );
  });

  it("refuses an empty secret", () => {
    expect(() => signWebhook("", "{}", 0)).toThrow(RangeError);
  });
});
