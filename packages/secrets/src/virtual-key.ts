import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { SubKey } from "./derive-key.ts";
import {
  digestSecret,
  issueToken,
  parseToken,
  verifySecret,
  type IssuedToken,
  type ParsedToken,
} from "./prefixed-token.ts";

type Pepper = SubKey<"virtual-key-pepper">;

/** What every virtual key starts with; secret scanners match on it. */
export const virtualKeyPrefix = "sk-sy-";

/**
 * Stands in for the stored digest when a public id is unknown, so that an unknown key costs the same time as a wrong
 * one. Random per process: no secret matches it.
 */
export const dummyDigest: Buffer = randomBytes(32);

/** The same for a fingerprint that is not known yet. */
export const dummyFingerprint: string = dummyDigest.toString("hex");

/** Makes a virtual key, `sk-sy-<publicId>_<secret><checksum>`. Show `token` once; store the other three. */
export function issueVirtualKey(pepper: Pepper): IssuedToken {
  return issueToken(virtualKeyPrefix, pepper);
}

/** Takes a presented key apart, or answers undefined for anything of another shape or with a wrong checksum. Never throws. */
export function parseVirtualKey(token: unknown): ParsedToken | undefined {
  return parseToken(virtualKeyPrefix, token);
}

/** HMAC-SHA256 of a key's secret: the only form of it that is ever stored. 32 bytes. */
export function digestVirtualKey(pepper: Pepper, secret: string): Buffer {
  return digestSecret(pepper, secret);
}

/**
 * Whether the secret has this digest under the pepper, or under one of several while a master key is being rotated.
 * Takes the same time whatever the answer; a digest of the wrong length is simply false.
 */
export function verifyVirtualKey(pepper: Pepper | readonly Pepper[], secret: string, digest: Uint8Array): boolean {
  return verifySecret(pepper, secret, digest);
}

/**
 * A key's secret as a process may remember it once it has verified it: SHA-256 in hexadecimal. For memory only; what is
 * stored is the digest under the pepper. Text, because a buffer of its own for every request would cost more than the hash.
 */
export function fingerprintVirtualKey(secret: string): string {
  return hash("sha256", secret, "hex");
}

const fingerprintLength = 64;
const oneScratch = Buffer.alloc(fingerprintLength);
const otherScratch = Buffer.alloc(fingerprintLength);

/** Whether two fingerprints are one, in the same time whatever the answer. */
export function isSameFingerprint(one: string, other: string): boolean {
  oneScratch.write(one, 0, fingerprintLength, "latin1");
  otherScratch.write(other, 0, fingerprintLength, "latin1");
  return (
    one.length === fingerprintLength && other.length === fingerprintLength && timingSafeEqual(oneScratch, otherScratch)
  );
}
