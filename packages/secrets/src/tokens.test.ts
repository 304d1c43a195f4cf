import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adminTokenPrefix,
  digestAdminToken,
  issueAdminToken,
  parseAdminToken,
  verifyAdminToken,
} from "./admin-token.ts";
import { base62Digits } from "./base62.ts";
import { deriveKey, deriveKeys } from "./derive-key.ts";
import { generateMasterKey, parseMasterKeyring } from "./master-key.ts";
import {
  digestVirtualKey,
  dummyDigest,
  issueVirtualKey,
  parseVirtualKey,
  verifyVirtualKey,
  virtualKeyPrefix,
} from "./virtual-key.ts";

const keyring = parseMasterKeyring(`${generateMasterKey()},${generateMasterKey()}`);
const pepper = deriveKey(keyring.active, "virtual-key-pepper");
const peppers = deriveKeys(keyring, "virtual-key-pepper");
const adminPepper = deriveKey(keyring.active, "admin-token-pepper");

const kinds = [
  {
    kind: "virtual key",
    prefix: virtualKeyPrefix,
    otherPrefix: adminTokenPrefix,
    issue: () => issueVirtualKey(pepper),
    parse: parseVirtualKey,
    digest: (secret: string) => digestVirtualKey(pepper, secret),
    verify: (secret: string, digest: Uint8Array) => verifyVirtualKey(pepper, secret, digest),
  },
  {
    kind: "admin token",
    prefix: adminTokenPrefix,
    otherPrefix: virtualKeyPrefix,
    issue: () => issueAdminToken(adminPepper),
    parse: parseAdminToken,
    digest: (secret: string) => digestAdminToken(adminPepper, secret),
    verify: (secret: string, digest: Uint8Array) => verifyAdminToken(adminPepper, secret, digest),
  },
];

const oddCharacters = fc.constantFrom("_", "-", " ", "é", "\0", "\u{1f511}", "٣", "\n");
const base62Characters = fc.constantFrom(...Array.from(base62Digits));

describe.each(kinds)("$kind", ({ prefix, otherPrefix, issue, parse, digest, verify }) => {
  it("has the documented shape and round-trips", () => {
    for (let round = 0; round < 200; round += 1) {
      const issued = issue();
      expect(issued.token).toMatch(new RegExp(`^${prefix}[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$`));
      const parsed = parse(issued.token);
      expect(parsed?.publicId).toBe(issued.publicId);
      expect(parsed?.secret).toHaveLength(43);
      expect(issued.lastFour).toBe(issued.token.slice(-4));
      expect(issued.digest).toEqual(digest(parsed?.secret ?? ""));
      expect(verify(parsed?.secret ?? "", issued.digest)).toBe(true);
    }
  });

  it("never issues the same public id or secret twice", () => {
    const issued = Array.from({ length: 500 }, issue);
    expect(new Set(issued.map((each) => each.publicId)).size).toBe(500);
    expect(new Set(issued.map((each) => parse(each.token)?.secret)).size).toBe(500);
  });

  it("keeps the secret out of what may be stored", () => {
    const { token, ...stored } = issue();
    const secret = parse(token)?.secret ?? "";
    const text = JSON.stringify({ ...stored, digest: stored.digest.toString("latin1") });
    expect(text).not.toContain(secret.slice(0, 8));
  });

  it("catches every single-character edit with its checksum", () => {
    fc.assert(
      fc.property(fc.nat(), fc.oneof(base62Characters, oddCharacters), (place, character) => {
        const { token } = issue();
        const at = place % token.length;
        const edited = token.slice(0, at) + character + token.slice(at + 1);
        expect(parse(edited) === undefined).toBe(edited !== token);
      }),
      { numRuns: 2_000 },
    );
  });

  it("catches dropped, doubled and swapped characters", () => {
    fc.assert(
      fc.property(fc.nat(), (place) => {
        const { token } = issue();
        const at = place % (token.length - 1);
        const [here = "", next = ""] = [token[at], token[at + 1]];
        expect(parse(token.slice(0, at) + token.slice(at + 1))).toBeUndefined();
        expect(parse(token.slice(0, at) + here + token.slice(at))).toBeUndefined();
        const swapped = token.slice(0, at) + next + here + token.slice(at + 2);
        expect(parse(swapped) === undefined).toBe(here !== next);
      }),
    );
  });

  it("refuses a token of the other kind, even with the prefix exchanged", () => {
    const { token } = issue();
    expect(parse(otherPrefix + token.slice(prefix.length))).toBeUndefined();
  });

  it("never throws, whatever is presented", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string({ unit: "binary" }),
          fc.string().map((rest) => prefix + rest),
        ),
        (value) => {
          expect(parse(value)).toBeUndefined();
        },
      ),
    );
    expect(parse("A".repeat(1_000_000))).toBeUndefined();
    expect(parse(prefix.repeat(200_000))).toBeUndefined();
  });

  it("does not verify another secret, another digest or a digest of another length", () => {
    const [one, other] = [issue(), issue()];
    const secret = parse(one.token)?.secret ?? "";
    expect(verify(secret, other.digest)).toBe(false);
    expect(verify(secret.toLowerCase(), one.digest)).toBe(false);
    expect(verify(secret, one.digest.subarray(0, 31))).toBe(false);
    expect(verify(secret, Buffer.alloc(0))).toBe(false);
    expect(verify("", one.digest)).toBe(false);
  });
});

describe("virtual key digests", () => {
  it("are HMAC-SHA256 of the secret under the pepper, so a dump without the master key verifies nothing", () => {
    const { token, digest } = issueVirtualKey(pepper);
    const secret = parseVirtualKey(token)?.secret ?? "";
    expect(digest).toEqual(createHmac("sha256", pepper.export()).update(secret).digest());
    const foreign = deriveKey(parseMasterKeyring(generateMasterKey()).active, "virtual-key-pepper");
    expect(verifyVirtualKey(foreign, secret, digest)).toBe(false);
  });

  it("verify under any pepper of a ring that is being rotated, and under none of another", () => {
    const [, retiring] = peppers;
    if (retiring === undefined) throw new Error("the ring of this test has two keys");
    const old = issueVirtualKey(retiring);
    const secret = parseVirtualKey(old.token)?.secret ?? "";
    expect(verifyVirtualKey(pepper, secret, old.digest)).toBe(false);
    expect(verifyVirtualKey(peppers, secret, old.digest)).toBe(true);
    expect(verifyVirtualKey([...peppers].reverse(), secret, old.digest)).toBe(true);
    expect(verifyVirtualKey([], secret, old.digest)).toBe(false);
  });

  it("of unknown keys are compared with a dummy that nothing matches", () => {
    const { token } = issueVirtualKey(pepper);
    expect(dummyDigest).toHaveLength(32);
    expect(verifyVirtualKey(peppers, parseVirtualKey(token)?.secret ?? "", dummyDigest)).toBe(false);
  });
});
