import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from "node:crypto";
import { crc32 } from "node:zlib";
import { base62Digits, encodeBase62, isBase62 } from "./base62.ts";

/*
 * The one shape of every token we issue: <prefix><publicId>_<secret><checksum>. The public id finds the row, the secret
 * proves possession, the checksum lets a typo or a secret scanner's false alarm be told apart without a database.
 */
const publicIdLength = 12;
const secretBytes = 32;
const secretLength = 43;
const checksumLength = 6;
const bodyLength = publicIdLength + 1 + secretLength + checksumLength;

/** A token just made: `token` is shown once, `publicId`, `digest` and `lastFour` may be stored. */
export interface IssuedToken {
  readonly publicId: string;
  readonly token: string;
  readonly digest: Buffer;
  readonly lastFour: string;
}

/** A token taken apart. It has the right shape; nothing is said yet about whether it is genuine. */
export interface ParsedToken {
  readonly publicId: string;
  readonly secret: string;
}

export function issueToken(prefix: string, pepper: KeyObject): IssuedToken {
  const publicId = randomBase62(publicIdLength);
  const secret = encodeBase62(randomBytes(secretBytes), secretLength);
  const unchecked = `${prefix}${publicId}_${secret}`;
  const token = unchecked + checksumOf(unchecked);
  return { publicId, token, digest: digestSecret(pepper, secret), lastFour: token.slice(-4) };
}

export function parseToken(prefix: string, token: unknown): ParsedToken | undefined {
  if (typeof token !== "string" || token.length !== prefix.length + bodyLength) return undefined;
  if (!token.startsWith(prefix)) return undefined;
  const separatorAt = prefix.length + publicIdLength;
  const checksumAt = token.length - checksumLength;
  if (token[separatorAt] !== "_") return undefined;
  if (!isBase62(token, prefix.length, separatorAt) || !isBase62(token, separatorAt + 1, token.length)) return undefined;
  if (checksumOf(token.slice(0, checksumAt)) !== token.slice(checksumAt)) return undefined;
  return { publicId: token.slice(prefix.length, separatorAt), secret: token.slice(separatorAt + 1, checksumAt) };
}

export function digestSecret(pepper: KeyObject, secret: string): Buffer {
  return createHmac("sha256", pepper).update(secret).digest();
}

export function verifySecret(peppers: KeyObject | readonly KeyObject[], secret: string, digest: Uint8Array): boolean {
  if (!isList(peppers)) return verifyUnderOne(peppers, secret, digest);
  let verified = false;
  // No early exit: the time taken must not tell which key of the ring matched.
  for (const pepper of peppers) verified = verifyUnderOne(pepper, secret, digest) || verified;
  return verified;
}

function verifyUnderOne(pepper: KeyObject, secret: string, digest: Uint8Array): boolean {
  const expected = digestSecret(pepper, secret);
  return digest.length === expected.length && timingSafeEqual(expected, digest);
}

function isList(peppers: KeyObject | readonly KeyObject[]): peppers is readonly KeyObject[] {
  return Array.isArray(peppers);
}

function checksumOf(text: string): string {
  let rest = crc32(text);
  let checksum = "";
  for (let position = 0; position < checksumLength; position += 1) {
    checksum = base62Digits.charAt(rest % 62) + checksum;
    rest = Math.floor(rest / 62);
  }
  return checksum;
}

// Bytes of 248 and more are thrown away, so that every digit is equally likely (248 = 4 × 62).
function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += base62Digits.charAt(byte % 62);
    }
  }
  return text;
}
