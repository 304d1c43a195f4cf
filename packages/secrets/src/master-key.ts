import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from "node:crypto";
import { inspect } from "node:util";

const keyBytes = 32;
const salt = "switchyard/v1";
const placeholder = "[redacted]";

/** Why a master key was refused. The text of the key is never part of it. */
export type MasterKeyWeakness =
  | "missing"
  | "not-base64"
  | "wrong-length"
  | "low-entropy"
  | "readable-text"
  | "duplicate-key";

const explanations: Record<MasterKeyWeakness, string> = {
  missing: "no master key is set",
  "not-base64": "a master key is not canonical base64",
  "wrong-length": "a master key must be 32 bytes",
  "low-entropy": "a master key repeats itself or uses too few different bytes",
  "readable-text": "a master key is readable text, not random bytes",
  "duplicate-key": "the same master key is listed twice",
};

/** Thrown at boot for a master key that must not protect anything. `weakness` says why; the key is never quoted. */
export class WeakMasterKeyError extends Error {
  override readonly name = "WeakMasterKeyError";
  readonly weakness: MasterKeyWeakness;

  constructor(weakness: MasterKeyWeakness) {
    super(`${explanations[weakness]} (make one with: openssl rand -base64 32)`);
    this.weakness = weakness;
  }
}

/** A 32-byte root key. Opaque: it can derive sub-keys and name itself, and shows "[redacted]" everywhere else. */
export class MasterKey {
  /** Short public name of the key, derived from it; stored beside what the key seals. */
  readonly id: string;
  readonly #key: KeyObject;

  constructor(bytes: Uint8Array) {
    this.#key = createSecretKey(bytes);
    this.id = this.#expand("key-id", 6).toString("base64url");
  }

  /** A 32-byte sub-key for one purpose: HKDF-SHA256 (RFC 5869) with the purpose as `info`. */
  deriveSubKey(purpose: string): KeyObject {
    return createSecretKey(this.#expand(`purpose:${purpose}`, keyBytes));
  }

  #expand(info: string, byteLength: number): Buffer {
    return Buffer.from(hkdfSync("sha256", this.#key, salt, info, byteLength));
  }

  toString(): string {
    return placeholder;
  }

  toJSON(): string {
    return placeholder;
  }

  [inspect.custom](): string {
    return placeholder;
  }
}

/** The key that seals and signs now, and older keys that can still open what they sealed. */
export interface MasterKeyring {
  readonly active: MasterKey;
  readonly retiring: readonly MasterKey[];
}

/** Reads one base64 master key of 32 bytes; throws `WeakMasterKeyError` for anything that is not random-looking. */
export function parseMasterKey(base64: string): MasterKey {
  const text = base64.trim();
  if (text === "") throw new WeakMasterKeyError("missing");
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replaceAll("=", "") !== text.replace(/={1,2}$/, "")) {
    throw new WeakMasterKeyError("not-base64");
  }
  const weakness = weaknessOf(bytes);
  if (weakness !== undefined) throw new WeakMasterKeyError(weakness);
  return new MasterKey(bytes);
}

/** Reads "base64" or "base64,base64,…": the first key is active, the others are retiring. Throws `WeakMasterKeyError`. */
export function parseMasterKeyring(commaSeparated: string): MasterKeyring {
  const [active, ...retiring] = commaSeparated.split(",").map(parseMasterKey);
  if (active === undefined) throw new WeakMasterKeyError("missing");
  if (new Set([active, ...retiring].map((key) => key.id)).size !== retiring.length + 1) {
    throw new WeakMasterKeyError("duplicate-key");
  }
  return { active, retiring };
}

/** A fresh master key as base64 text, for the first run of a local stack. */
export function generateMasterKey(): string {
  return randomBytes(keyBytes).toString("base64");
}

// Each test refuses a random key with a probability below 1e-12, so a good key never fails to boot.
function weaknessOf(bytes: Buffer): MasterKeyWeakness | undefined {
  if (bytes.length !== keyBytes) return "wrong-length";
  if (bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) return "readable-text";
  if (new Set(bytes).size < keyBytes / 2) return "low-entropy";
  if (hasPeriod(bytes) || hasPeriod(differences(bytes))) return "low-entropy";
  return undefined;
}

function hasPeriod(bytes: Uint8Array): boolean {
  for (let period = 1; period <= keyBytes / 2; period += 1) {
    let repeats = true;
    for (let index = period; index < bytes.length && repeats; index += 1) {
      repeats = bytes[index] === bytes[index - period];
    }
    if (repeats) return true;
  }
  return false;
}

// A counting or stepped sequence has a constant difference, which is a period of one.
function differences(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0));
}
