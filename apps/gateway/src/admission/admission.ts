/**
 * The contract between the request pipeline and the money: what a call must tell to be admitted, and what it gets.
 * Implemented by admission.service.ts (holds) and settlement/ (closing).
 */
import type {
  Attribution,
  AttemptRecord,
  AttemptRole,
  HoldRecord,
  RecordedOperation,
} from "@switchyard/metering/usage-event";
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { UnitQuantities, Usage } from "@switchyard/metering/meters";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { ActivePolicy } from "../policies/active-policy.ts";

export interface CallToAdmit {
  readonly requestId: string;
  readonly operation: RecordedOperation;
  readonly policy: ActivePolicy;
  readonly attribution: Attribution;
  readonly route: Route;
  /** An upper bound of the input tokens (never below what a provider may count). */
  readonly inputTokensAtMost: number;
  /** The cap that the client asked for; null when it set none. */
  readonly outputTokensAsked: number | null;
  /** How many answers (`n`) the client asked for. */
  readonly answers: number;
  /** The most that can be counted of what is not counted in tokens. */
  readonly unitsAtMost?: UnitQuantities;
}

/** Rate limits and concurrency are held for the whole call; `finish` must run exactly once, whatever happens. */
export interface AdmittedCall {
  /** Holds money for one attempt and journals it durably. Throws GatewayError: budget_exceeded, budget_unavailable, model_not_priced, journal_unavailable. */
  holdAttempt(attempt: AttemptToHold): Promise<HeldAttempt>;
  /** OpenAI-style `x-ratelimit-*` headers, from this process's knowledge. */
  rateLimitHeaders(): Readonly<Record<string, string>>;
  finish(tokensUsed: number): void;
  /**
   * For a copy of the call: the same budgets and those of the tag `shadow=<route>`, which caps what copies cost. It is no call
   * of the client's, so it pays no fee and takes nothing from rate limits but from those of its connection.
   */
  forShadow(): AdmittedCall;
}

export interface AttemptToHold {
  readonly attemptId: string;
  readonly attemptNumber: number;
  readonly role: AttemptRole;
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
  /** What kind of task the call is; null where it could not be told, undefined where nobody asked. */
  readonly taskClass?: string | null | undefined;
  /** What it may cost at most: the output cap is lowered to it. Absent: no ceiling. */
  readonly costCeilingPicoUsd?: PicoUsd | undefined;
}

export interface HeldAttempt {
  readonly hold: HoldRecord;
  /** The output cap that must be sent to the provider; null when neither a hard budget nor a ceiling bounds this call. */
  readonly outputTokensCap: number | null;
}

/** What is known of an attempt when it ends; settlement prices it, closes it and journals the close. */
export type AttemptOutcome = Pick<
  AttemptRecord,
  "verdict" | "failureClass" | "upstreamStatus" | "timeToFirstTokenMs" | "usageSource"
> & {
  /** Null when the provider told none: settles at the hold, or voids if the provider cannot have billed. */
  readonly usage: Usage | null;
  /** False only where the provider surely billed nothing: never connected, or refused with an error status. */
  readonly mayBeBilled: boolean;
  readonly serviceTier: string | null;
};
