import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateMasterKey, parseMasterKeyring } from "./master-key.ts";
import {
  CredentialCannotBeOpenedError,
  credentialHint,
  needsResealing,
  openCredential,
  sealCredential,
  type CredentialContext,
} from "./sealed-credential.ts";

const keyText = generateMasterKey();
const keyring = parseMasterKeyring(keyText);
const context: CredentialContext = {
  organisationId: "organisation",
  connectionId: "connection",
  credentialId: "credential",
  origin: "https://api.example.com",
};

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function faultOf(open: () => string): string | undefined {
  const error = errorOf(open);
  return error instanceof CredentialCannotBeOpenedError ? error.fault : undefined;
}

describe("a sealed credential", () => {
  it("opens to what was sealed, whatever that was", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.record({ organisationId: fc.string(), connectionId: fc.string() }),
        (plaintext, ids) => {
          const own = { ...context, ...ids };
          expect(openCredential(keyring, sealCredential(keyring, plaintext, own), own)).toBe(plaintext);
        },
      ),
    );
  });

  it("is compact text that holds nothing of the secret and never repeats", () => {
    const plaintext = "sk-live-abcdefghijklmnop";
    const sealed = sealCredential(keyring, plaintext, context);
    expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]+$/);
    expect(sealed).not.toContain("abcdefgh");
    expect(sealed).not.toContain(Buffer.from(plaintext).toString("base64url").slice(0, 12));
    expect(sealCredential(keyring, plaintext, context)).not.toBe(sealed);
  });

  it("does not open after any flipped bit", () => {
    const sealed = sealCredential(keyring, "sk-live-abcdefghijklmnop", context);
    const bytes = Buffer.from(sealed, "latin1");
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(faultOf(() => openCredential(keyring, flipped.toString("latin1"), context))).toBeDefined();
    }
  });

  it("does not open after any change to its length, and takes no other text for one", () => {
    const sealed = sealCredential(keyring, "sk-live-abcdefghijklmnop", context);
    for (let length = 0; length < sealed.length; length += 1) {
      expect(faultOf(() => openCredential(keyring, sealed.slice(0, length), context))).toBeDefined();
    }
    for (const suffix of ["A", "=", ".", " ", "\n", ".AAAA"]) {
      expect(faultOf(() => openCredential(keyring, sealed + suffix, context))).toBeDefined();
    }
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `v1.${keyring.active.id}.${rest}`),
        ),
        (text) => {
          expect(faultOf(() => openCredential(keyring, text, context))).toBeDefined();
        },
      ),
    );
    expect(faultOf(() => openCredential(keyring, `v1.${"A".repeat(100_000)}`, context))).toBe("malformed");
  });

  it.each([
    ["organisation", { organisationId: "other" }],
    ["connection", { connectionId: "other" }],
    ["credential", { credentialId: "other" }],
    ["scheme", { origin: "http://api.example.com" }],
    ["host", { origin: "https://api.example.org" }],
    ["subdomain", { origin: "https://example.com" }],
    ["port", { origin: "https://api.example.com:8443" }],
  ])("does not open for another %s", (_what, change) => {
    const sealed = sealCredential(keyring, "secret", context);
    expect(faultOf(() => openCredential(keyring, sealed, { ...context, ...change }))).toBe("not-authentic");
  });

  it("keeps the parts of its context apart", () => {
    const sealed = sealCredential(keyring, "secret", { ...context, connectionId: "a", credentialId: "bc" });
    expect(faultOf(() => openCredential(keyring, sealed, { ...context, connectionId: "ab", credentialId: "c" }))).toBe(
      "not-authentic",
    );
  });

  it("binds to scheme, host and port only, however the base URL is written", () => {
    const sealed = sealCredential(keyring, "secret", { ...context, origin: "https://API.example.com:443/v1" });
    expect(openCredential(keyring, sealed, { ...context, origin: "https://api.example.com/v2?x=1" })).toBe("secret");
  });

  it.each(["", "api.example.com", "file:///etc/passwd", "javascript:alert(1)", "https://"])(
    "cannot be made for the origin %j",
    (origin) => {
      expect(() => sealCredential(keyring, "secret", { ...context, origin })).toThrow(TypeError);
      expect(
        faultOf(() => openCredential(keyring, sealCredential(keyring, "secret", context), { ...context, origin })),
      ).toBe("malformed");
    },
  );

  it("names the fault and nothing of the secret when it cannot be opened", () => {
    const sealed = sealCredential(keyring, "canary-secret", context);
    const other = parseMasterKeyring(generateMasterKey());
    const error = errorOf(() => openCredential(other, sealed, context));
    expect(error).toMatchObject({ fault: "unknown-master-key" });
    expect(error).not.toHaveProperty("cause");
    expect(inspect(error, { showHidden: true })).not.toMatch(/canary|organisation/);
  });
});

describe("rotation of the master key", () => {
  it("opens under a retiring key, asks for resealing, and then needs the old key no more", () => {
    const sealed = sealCredential(keyring, "secret", context);
    expect(needsResealing(keyring, sealed)).toBe(false);
    const newKeyText = generateMasterKey();
    const rotating = parseMasterKeyring(`${newKeyText},${keyText}`);
    expect(openCredential(rotating, sealed, context)).toBe("secret");
    expect(needsResealing(rotating, sealed)).toBe(true);
    const resealed = sealCredential(rotating, openCredential(rotating, sealed, context), context);
    expect(needsResealing(rotating, resealed)).toBe(false);
    expect(openCredential(parseMasterKeyring(newKeyText), resealed, context)).toBe("secret");
    expect(faultOf(() => openCredential(parseMasterKeyring(newKeyText), sealed, context))).toBe("unknown-master-key");
  });

  it("does not open a text relabelled with another key of the ring", () => {
    const rotating = parseMasterKeyring(`${generateMasterKey()},${keyText}`);
    const sealed = sealCredential(keyring, "secret", context);
    const relabelled = sealed.replace(keyring.active.id, rotating.active.id);
    expect(faultOf(() => openCredential(rotating, relabelled, context))).toBe("not-authentic");
  });

  it("asks for resealing of anything it does not recognise", () => {
    expect(needsResealing(keyring, "")).toBe(true);
    expect(needsResealing(keyring, "v0.x.y")).toBe(true);
  });
});

describe("credentialHint", () => {
  it("gives the last four characters only where the secret is long", () => {
    expect(credentialHint("sk-live-abcdefghijklmnop")).toBe("mnop");
    expect(credentialHint("a".repeat(19))).toBeUndefined();
    expect(credentialHint("a".repeat(20))).toBe("aaaa");
    expect(credentialHint("")).toBeUndefined();
  });
});
