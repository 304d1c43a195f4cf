import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";

export interface SettlementOptions {
  readonly identity: GatewayProcessIdentity;
  /** PostgreSQL as the gateway's own role. */
  readonly databaseUrl: string;
  /** Ships through Redis instead of PostgreSQL when set. */
  readonly redisUrl: string | null;
  /** Directory of this process's journal (GATEWAY_STATE_DIR/<slot>/journal); no other living process may use it. */
  readonly journalDirectory: string;
  /** "always": every group of records is on disk before it counts as written; a number: fdatasync at this interval. */
  readonly journalSync: "always" | { readonly everyMs: number };
  readonly journalMaxBytes: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export const defaultJournalSync: SettlementOptions["journalSync"] = { everyMs: 1_000 };
export const defaultJournalMaxBytes = 4 * 1024 ** 3;
