import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentKey, sha256Hex } from "./content-key.ts";
import { deriveKey } from "./derive-key.ts";
import { generateMasterKey, parseMasterKey } from "./master-key.ts";

const cacheKey = deriveKey(parseMasterKey(generateMasterKey()), "cache-key");
const anyPart = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array());
const sameKind = (part: string | Uint8Array): unknown[] =>
  typeof part === "string" ? ["text", part] : ["bytes", ...part];

describe("contentKey", () => {
  it("is equal exactly when the parts are equal", () => {
    fc.assert(
      fc.property(fc.array(anyPart, { maxLength: 4 }), fc.array(anyPart, { maxLength: 4 }), (left, right) => {
        const areEqual = JSON.stringify(left.map(sameKind)) === JSON.stringify(right.map(sameKind));
        expect(contentKey(cacheKey, ...left) === contentKey(cacheKey, ...right)).toBe(areEqual);
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps every way of cutting one text apart", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("s", "b", "u", "1", "2", ":"), minLength: 2 }),
        fc.nat(),
        fc.nat(),
        (text, first, second) => {
          const [one, other] = [first % text.length, second % text.length];
          const cut = (at: number): string => contentKey(cacheKey, text.slice(0, at), text.slice(at));
          expect(cut(one) === cut(other)).toBe(one === other);
        },
      ),
    );
  });

  it("tells apart what looks alike once encoded", () => {
    const keys = [
      contentKey(cacheKey),
      contentKey(cacheKey, ""),
      contentKey(cacheKey, "", ""),
      contentKey(cacheKey, new Uint8Array()),
      contentKey(cacheKey, "a"),
      contentKey(cacheKey, new Uint8Array([97])),
      contentKey(cacheKey, "\ud800"),
      contentKey(cacheKey, "\udfff"),
      contentKey(cacheKey, "\ufffd"),
      contentKey(cacheKey, "s1:a"),
      contentKey(cacheKey, "e\u0301"),
      contentKey(cacheKey, "\u00e9"),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("depends on the key", () => {
    const other = deriveKey(parseMasterKey(generateMasterKey()), "cache-key");
    expect(contentKey(other, "a")).not.toBe(contentKey(cacheKey, "a"));
    expect(contentKey(cacheKey, "a")).toMatch(/^[\w-]{43}$/);
  });
});

describe("sha256Hex", () => {
  it("agrees with the known digest of the empty text and of bytes", () => {
    expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256Hex(new Uint8Array([1, 2, 3]))).toBe(
      createHash("sha256")
        .update(new Uint8Array([1, 2, 3]))
        .digest("hex"),
    );
  });
});
