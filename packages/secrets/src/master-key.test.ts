import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateMasterKey, parseMasterKey, parseMasterKeyring, WeakMasterKeyError } from "./master-key.ts";

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function weaknessOf(text: string): string | undefined {
  const error = errorOf(() => parseMasterKey(text));
  return error instanceof WeakMasterKeyError ? error.weakness : undefined;
}

const base64Of = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString("base64");

describe("parseMasterKey", () => {
  it("accepts every random key, padded or not", () => {
    for (let round = 0; round < 2_000; round += 1) {
      const text = generateMasterKey();
      const { id } = parseMasterKey(text);
      expect(parseMasterKey(` ${text.replace("=", "")}\n`).id).toBe(id);
    }
  });

  it.each([
    ["", "missing"],
    ["   ", "missing"],
    ["not base64 at all!", "not-base64"],
    [`${generateMasterKey()}AAAA`, "not-base64"],
    [randomBytes(31).toString("base64"), "wrong-length"],
    [randomBytes(33).toString("base64"), "wrong-length"],
    [randomBytes(64).toString("base64"), "wrong-length"],
    [base64Of(new Uint8Array(32)), "low-entropy"],
    [base64Of(new Uint8Array(32).fill(255)), "low-entropy"],
    [base64Of(Array.from({ length: 32 }, (_, index) => index + 128)), "low-entropy"],
    [base64Of(Array.from({ length: 32 }, (_, index) => (index * 37) % 256)), "low-entropy"],
    [Buffer.from("correct horse battery staple 123").toString("base64"), "readable-text"],
    [Buffer.from("0123456789abcdef0123456789abcdef").toString("base64"), "readable-text"],
  ])("refuses %j as %s", (text, weakness) => {
    expect(weaknessOf(text)).toBe(weakness);
  });

  it("refuses any key that repeats a shorter sequence", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 16 }), (sequence) => {
        const repeated = Array.from({ length: 32 }, (_, index) => sequence[index % sequence.length] ?? 0);
        expect(weaknessOf(base64Of(repeated))).toMatch(/low-entropy|readable-text/);
      }),
    );
  });

  it("quotes nothing of a refused key", () => {
    const secret = Buffer.from("correct horse battery staple 123").toString("base64");
    const error = errorOf(() => parseMasterKey(secret));
    expect(error).toBeInstanceOf(WeakMasterKeyError);
    expect(inspect(error)).not.toContain(secret);
    expect(inspect(error)).not.toContain("horse");
  });
});

describe("MasterKey", () => {
  it("shows itself as [redacted] everywhere", () => {
    const text = generateMasterKey();
    const key = parseMasterKey(text);
    const shown = [
      String(key),
      "".concat(key as unknown as string),
      JSON.stringify({ key }),
      inspect({ key }, { depth: 9, showHidden: true }),
    ].join();
    expect(shown).toContain("[redacted]");
    expect(shown).not.toContain(text.slice(0, 43));
    expect(Object.keys(key)).toEqual(["id"]);
  });

  it("has an id that is stable, short and different for different keys", () => {
    const ids = Array.from({ length: 100 }, () => parseMasterKey(generateMasterKey()).id);
    expect(new Set(ids).size).toBe(100);
    expect(ids.every((id) => /^[\w-]{8}$/.test(id))).toBe(true);
  });
});

describe("parseMasterKeyring", () => {
  it("takes the first key as active and the others as retiring", () => {
    const [first, second, third] = [generateMasterKey(), generateMasterKey(), generateMasterKey()];
    const ring = parseMasterKeyring(`${first}, ${second},${third}`);
    expect(ring.active.id).toBe(parseMasterKey(first).id);
    expect(ring.retiring.map((key) => key.id)).toEqual([parseMasterKey(second).id, parseMasterKey(third).id]);
    expect(parseMasterKeyring(first).retiring).toEqual([]);
  });

  it("refuses an empty place, a weak retiring key and the same key twice", () => {
    const key = generateMasterKey();
    expect(() => parseMasterKeyring("")).toThrow(WeakMasterKeyError);
    expect(() => parseMasterKeyring(`${key},`)).toThrow(WeakMasterKeyError);
    expect(() => parseMasterKeyring(`${key},${base64Of(new Uint8Array(32))}`)).toThrow(WeakMasterKeyError);
    expect(() => parseMasterKeyring(`${key},${key}`)).toThrow(expect.objectContaining({ weakness: "duplicate-key" }));
  });
});
