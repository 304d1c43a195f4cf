import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";

/** Who this process is in every lease, hold and heartbeat. */
export interface GatewayProcessIdentity {
  /** Stable across restarts: the same machine and slot get the same id. */
  readonly gatewayId: string;
  /** A UUID made anew at every start: leases of an earlier boot are never spent by a later one. */
  readonly bootId: string;
  readonly region: string | null;
  readonly startedAtMs: number;
}

export interface AdmissionOptions {
  readonly identity: GatewayProcessIdentity;
  /** PostgreSQL as the gateway's own role. */
  readonly databaseUrl: string;
  /** Gateway processes assumed to share a rate limit until the database has told how many are alive. */
  readonly assumedLiveGateways: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
