import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";
import { deriveKey } from "./derive-key.ts";
import type { MasterKey, MasterKeyring } from "./master-key.ts";

/*
 * An answer that is kept for a client's retry is `version, iv, tag, ciphertext` (AES-256-GCM). Its key is made of the master
 * key and of the client's own Idempotency-Key, of which nothing but a digest is stored: without the client's next call
 * nobody can open it, and a row that was copied to another claim cannot be opened at all.
 */
const version = 1;
const algorithm = "aes-256-gcm";
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 1 + ivBytes + tagBytes;

/** What a client names its call by. */
export interface ClaimName {
  readonly virtualKeyId: string;
  readonly endpoint: string;
  /** The client's `Idempotency-Key`. */
  readonly idempotencyKey: string;
}

/** 32 bytes that are equal exactly for equal names; the same under every master key. */
export function claimKeyOf(name: ClaimName): Buffer {
  return createHash("sha256").update(textOf(name)).digest();
}

/**
 * Keyed digests of a request, base64url, one for each master key and the active one first: two bodies under one name are
 * the same if any of their digests are.
 */
export function requestDigests(
  keyring: MasterKeyring,
  name: ClaimName,
  parts: readonly Uint8Array[],
): readonly [string, ...string[]] {
  const digestUnder = (masterKey: MasterKey): string => {
    const hmac = createHmac("sha256", nameKey(masterKey, name)).update("request");
    for (const part of parts) hmac.update(`${part.byteLength}:`).update(part);
    return hmac.digest("base64url");
  };
  return [digestUnder(keyring.active), ...keyring.retiring.map(digestUnder)];
}

/** Encrypts an answer so that only a call of the same name can open it. */
export function sealAnswer(keyring: MasterKeyring, name: ClaimName, requestId: string, answer: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, nameKey(keyring.active, name), iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(requestId));
  const ciphertext = [cipher.update(answer), cipher.final()];
  return Buffer.concat([Uint8Array.of(version), iv, cipher.getAuthTag(), ...ciphertext]);
}

/** Opens it under whichever key of the ring sealed it; null where none did. */
export function openAnswer(
  keyring: MasterKeyring,
  name: ClaimName,
  requestId: string,
  sealed: Uint8Array,
): Buffer | null {
  if (sealed.byteLength < headBytes || sealed[0] !== version) return null;
  for (const masterKey of [keyring.active, ...keyring.retiring]) {
    const decipher = createDecipheriv(algorithm, nameKey(masterKey, name), sealed.subarray(1, 1 + ivBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(Buffer.from(requestId));
    decipher.setAuthTag(sealed.subarray(1 + ivBytes, headBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]);
    } catch {
      // Sealed under another key of the ring, or not authentic.
    }
  }
  return null;
}

function nameKey(masterKey: MasterKey, name: ClaimName): Buffer {
  return createHmac("sha256", deriveKey(masterKey, "answer-sealing")).update(textOf(name)).digest();
}

// A JSON array of strings is injective: no two names share one text.
function textOf({ virtualKeyId, endpoint, idempotencyKey }: ClaimName): string {
  return JSON.stringify([virtualKeyId, endpoint, idempotencyKey]);
}
