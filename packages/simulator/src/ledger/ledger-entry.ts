import type { UnitCounts } from "../answer/unit-counts.ts";
import type { TokenCounts } from "../answer/token-counts.ts";

/**
 * How a call ended, seen from the provider. `open`: not yet. `complete`: the whole answer went out.
 * `aborted_by_client`: the client left first. `cut`, `ended_early`: the provider broke the answer off, by closing the
 * connection or by a clean end without a finish. `errored`: an error answer, or an error event in mid-stream.
 * `garbage`: a 200 that is no answer. `refused`: the connection was closed without a byte. `rejected`: the request
 * itself was bad (no key, not JSON, no model). `interrupted`: the simulator stopped while the call was open.
 */
export const OUTCOMES = [
  "open",
  "complete",
  "aborted_by_client",
  "cut",
  "ended_early",
  "errored",
  "garbage",
  "refused",
  "rejected",
  "interrupted",
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What is known when a call is accepted, before the first byte of its response. */
export interface OpenedCall {
  readonly receivedAtMs: number;
  readonly provider: string;
  /** Empty where the request did not say. */
  readonly model: string;
  readonly endpoint: string;
  readonly attemptId: string | null;
  /** Of the raw body, hexadecimal. */
  readonly requestBodySha256: string;
  readonly stream: boolean;
}

/** What is known when a call has ended. */
export interface ClosedCall {
  /** The status sent; null when none was. */
  readonly status: number | null;
  readonly outcome: Exclude<Outcome, "open">;
  /** What the provider bills; null when it bills nothing. */
  readonly billedTokens: TokenCounts | null;
  /** What it bills besides; absent for nothing. */
  readonly billedUnits?: UnitCounts | undefined;
}

/** One call to the simulated provider, as the control API shows it. */
export interface LedgerEntry {
  readonly sequence: number;
  readonly receivedAt: string;
  readonly provider: string;
  readonly model: string;
  readonly endpoint: string;
  readonly attemptId: string | null;
  readonly requestBodySha256: string;
  readonly stream: boolean;
  readonly status: number | null;
  readonly outcome: Outcome;
  readonly billed: boolean;
  readonly tokens: TokenCounts;
  readonly units?: UnitCounts;
}
