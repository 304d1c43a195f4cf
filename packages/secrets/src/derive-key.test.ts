import { createHmac, hkdfSync } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { deriveKey, deriveKeys, deriveSecretText, type KeyPurpose } from "./derive-key.ts";
import { generateMasterKey, parseMasterKey, parseMasterKeyring } from "./master-key.ts";

const purposes: readonly KeyPurpose[] = [
  "virtual-key-pepper",
  "credential-sealing",
  "session-token",
  "admin-token-pepper",
  "cache-key",
  "auth-secret",
];

describe("deriveKey", () => {
  it("gives one stable key per master key and purpose, all different", () => {
    const masterKeys = [generateMasterKey(), generateMasterKey()];
    const derived = masterKeys.flatMap((text) =>
      purposes.map((purpose) => deriveKey(parseMasterKey(text), purpose).export().toString("hex")),
    );
    const again = masterKeys.flatMap((text) =>
      purposes.map((purpose) => deriveKey(parseMasterKey(text), purpose).export().toString("hex")),
    );
    expect(new Set(derived).size).toBe(12);
    expect(again).toEqual(derived);
  });

  it("is HKDF-SHA256 with a fixed salt, so that stored digests survive an upgrade", () => {
    const text = generateMasterKey();
    const expected = hkdfSync("sha256", Buffer.from(text, "base64"), "switchyard/v1", "purpose:cache-key", 32);
    expect(deriveKey(parseMasterKey(text), "cache-key").export()).toEqual(Buffer.from(expected));
  });

  it("shows no key bytes when printed", () => {
    const key = deriveKey(parseMasterKey(generateMasterKey()), "cache-key");
    const shown = inspect({ key }, { depth: 9, showHidden: true }) + JSON.stringify({ key });
    expect(shown).not.toContain(key.export().toString("hex"));
    expect(shown).not.toContain(key.export().toString("base64"));
    expect(JSON.stringify({ key })).toBe('{"key":{}}');
  });
});

describe("deriveKeys", () => {
  it("derives the active key first, then the retiring ones", () => {
    const [newer, older] = [generateMasterKey(), generateMasterKey()];
    const keys = deriveKeys(parseMasterKeyring(`${newer},${older}`), "session-token");
    const expected = [newer, older].map((text) => deriveKey(parseMasterKey(text), "session-token"));
    const sign = (key: (typeof keys)[0]): string => createHmac("sha256", key).update("x").digest("hex");
    expect(keys.map(sign)).toEqual(expected.map(sign));
  });
});

describe("deriveSecretText", () => {
  it("gives a stable text of 32 bytes that prints as [redacted]", () => {
    const masterKey = parseMasterKey(generateMasterKey());
    const secret = deriveSecretText(masterKey, "auth-secret");
    expect(Buffer.from(secret.reveal(), "base64url")).toHaveLength(32);
    expect(deriveSecretText(masterKey, "auth-secret").reveal()).toBe(secret.reveal());
    expect(String(secret)).toBe("[redacted]");
  });
});
