import { GatewayError } from "../errors/gateway-error.ts";
import type { QuotaRefusal } from "./hold-outcome.ts";

/** Whether a refusal says that a provider account is at its limit, rather than that its caller is. */
export function isOfProvider({ quota, why }: QuotaRefusal): boolean {
  return quota.scopeType === "connection" && quota.unit !== "pico_usd" && why === "exhausted";
}

/** A limit on requests, tokens or calls in flight of a connection leaves no room: another target may have some. */
export class ConnectionFullError extends GatewayError {
  readonly limitName: string;
  /** Null where it is not known when there is room again. */
  readonly roomInMs: number | null;

  constructor({ quota, resetsInMs }: QuotaRefusal) {
    super("upstream_rate_limited", `The limit "${quota.name}" of this provider account is reached.`, {
      retryAfterSeconds: Math.max(1, Math.ceil((resetsInMs ?? 0) / 1_000)),
    });
    this.limitName = quota.name;
    this.roomInMs = resetsInMs;
  }
}
