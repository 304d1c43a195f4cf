import type { KeyObject } from "node:crypto";
import type { MasterKey, MasterKeyring } from "./master-key.ts";
import { SecretText } from "./secret-text.ts";

/** Everything a sub-key may be used for. One purpose, one key: a key never serves two algorithms or two audiences. */
export type KeyPurpose =
  | "virtual-key-pepper"
  | "credential-sealing"
  | "session-token"
  | "admin-token-pepper"
  | "cache-key"
  | "answer-sealing"
  | "auth-secret";

declare const purposeOfKey: unique symbol;

/** A 32-byte sub-key, branded with its purpose so that the compiler refuses the wrong one. Prints without its bytes. */
export type SubKey<Purpose extends KeyPurpose> = KeyObject & { readonly [purposeOfKey]: Purpose };

/** The sub-key of one master key for one purpose; the same inputs always give the same key. */
export function deriveKey<Purpose extends KeyPurpose>(masterKey: MasterKey, purpose: Purpose): SubKey<Purpose> {
  return masterKey.deriveSubKey(purpose) as SubKey<Purpose>;
}

/** The sub-keys of a whole ring, the active one first: issue with the first, verify against all of them. */
export function deriveKeys<Purpose extends KeyPurpose>(
  keyring: MasterKeyring,
  purpose: Purpose,
): readonly [SubKey<Purpose>, ...SubKey<Purpose>[]] {
  return [deriveKey(keyring.active, purpose), ...keyring.retiring.map((masterKey) => deriveKey(masterKey, purpose))];
}

/** A sub-key as base64url text, for a library that wants its secret as a string. */
export function deriveSecretText(masterKey: MasterKey, purpose: "auth-secret"): SecretText {
  return new SecretText(deriveKey(masterKey, purpose).export().toString("base64url"));
}
