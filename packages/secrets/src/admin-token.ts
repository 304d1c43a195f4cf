import type { SubKey } from "./derive-key.ts";
import {
  digestSecret,
  issueToken,
  parseToken,
  verifySecret,
  type IssuedToken,
  type ParsedToken,
} from "./prefixed-token.ts";

type Pepper = SubKey<"admin-token-pepper">;

/** What every admin token starts with; secret scanners match on it. */
export const adminTokenPrefix = "sy-admin-";

/** Makes an admin token, `sy-admin-<publicId>_<secret><checksum>`. Show `token` once; store the other three. */
export function issueAdminToken(pepper: Pepper): IssuedToken {
  return issueToken(adminTokenPrefix, pepper);
}

/** Takes a presented token apart, or answers undefined for anything of another shape or with a wrong checksum. Never throws. */
export function parseAdminToken(token: unknown): ParsedToken | undefined {
  return parseToken(adminTokenPrefix, token);
}

/** HMAC-SHA256 of a token's secret: the only form of it that is ever stored. 32 bytes. */
export function digestAdminToken(pepper: Pepper, secret: string): Buffer {
  return digestSecret(pepper, secret);
}

/** Whether the secret has this digest under the pepper, or under one of several while a master key is being rotated. Constant time. */
export function verifyAdminToken(pepper: Pepper | readonly Pepper[], secret: string, digest: Uint8Array): boolean {
  return verifySecret(pepper, secret, digest);
}
