import { createHmac, hash } from "node:crypto";
import type { SubKey } from "./derive-key.ts";

/**
 * A keyed name for content (43 characters, base64url): equal exactly when the lists of parts are equal. Each part goes
 * in with its kind and length, so ("ab", "c") and ("a", "bc") differ, and so do a string and its bytes. Put the tenant
 * first. Without the key nobody can test a guess of the content.
 */
export function contentKey(cacheKey: SubKey<"cache-key">, ...parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac("sha256", cacheKey);
  for (const part of parts) {
    if (typeof part !== "string") {
      hmac.update(`b${part.byteLength}:`).update(part);
    } else if (part.isWellFormed()) {
      hmac.update(`s${Buffer.byteLength(part)}:`).update(part);
    } else {
      // UTF-8 would turn every lone surrogate into the same replacement character.
      hmac.update(`u${part.length}:`).update(part, "utf16le");
    }
  }
  return hmac.digest("base64url");
}

/** SHA-256 as 64 hex digits, for content that is not secret: snapshots, entity tags, idempotency body comparison. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}
