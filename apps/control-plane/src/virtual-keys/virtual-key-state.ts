import type { VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { virtualKeyPrefix } from "@switchyard/secrets/virtual-key";

interface KeyInstants {
  readonly expiresAt: Date | null;
  readonly overlapEndsAt: Date | null;
  readonly revokedAt: Date | null;
}

/** What a key is at an instant; gateways decide the same by `notAfterMs` and by its absence from policy. */
export function stateOfKey(key: KeyInstants, now: Date): VirtualKey["state"] {
  if (key.revokedAt !== null) return "revoked";
  if (key.expiresAt !== null && key.expiresAt <= now) return "expired";
  if (key.overlapEndsAt === null) return "active";
  return key.overlapEndsAt <= now ? "expired" : "rotating";
}

/** What may be shown of a key, for recognising it. */
export function hintOfKey(key: { readonly publicId: string; readonly lastFour: string }): string {
  return `${virtualKeyPrefix}${key.publicId}_…${key.lastFour}`;
}
