/** What a failed attempt leads to: one table, one row for every class of failure. */
import type { FailureClass, Reason } from "@switchyard/metering/usage-event";
import type { HealthFacts } from "../routing/filter-target.ts";
import type { PlannedAttempt } from "../routing/plan-route.ts";
import { type AfterFailure, troubleOf, troubleWords, usualAfterFailure } from "./after-failure.ts";
import { fewestUsefulMs } from "./client-deadline.ts";
import { hasRetryBudget } from "./retry-budget.ts";

export interface FailedAttempt {
  readonly failure: FailureClass;
  /** Whether a byte of this attempt has reached the client; after that there is no other attempt. */
  readonly firstByteSent: boolean;
  readonly attempt: PlannedAttempt;
  /** Which credential was sent; null where none was. */
  readonly credentialId: string | null;
  /** Whether the connection has another credential that is not set aside. */
  readonly hasOtherCredential: boolean;
  /** Attempts made so far, this one included. */
  readonly attemptsMade: number;
  readonly maxAttempts: number;
  /** How long the client is still going to wait; absent or infinite where it did not say. */
  readonly timeLeftMs?: number;
  /** What the provider answered with; absent or null where no answer came. */
  readonly upstreamStatus?: number | null;
  /** How long the attempt took; absent where nothing was sent. */
  readonly tookMs?: number;
  /** The planned attempts that come after this one. */
  readonly remaining: readonly PlannedAttempt[];
  /** What the route says may follow; absent: as usual. */
  readonly afterFailure?: AfterFailure | undefined;
  readonly health: HealthFacts;
}

/** A credential to leave alone for a while. The shell keeps it; targets and connections have circuits instead. */
export interface SetAside {
  readonly credentialId: string;
  readonly forMs: number;
}

export type NextStep = {
  readonly setAside: SetAside | null;
  readonly because: Reason;
} & (
  | { readonly next: "stop" }
  /** Dispatch `remaining[index]`; what comes before it is dropped. */
  | { readonly next: "next-target"; readonly index: number }
);

type Next = "none" | "any" | "other-connection" | "other-credential" | "larger-window" | "better-answer";

interface Row {
  /** What happened, to be read after the target's name. */
  readonly what: string;
  /** Which planned targets are worth trying after it, where the route lets another follow. */
  readonly next: Next;
  /** For how long the credential is left alone; null where it is not to blame. */
  readonly credentialForMs: number | null;
}

const table: { readonly [failure in FailureClass]: Row } = {
  connect: { what: "could not be reached", next: "other-connection", credentialForMs: null },
  timeout: { what: "did not answer in time", next: "any", credentialForMs: null },
  rate_limited: { what: "is limiting its rate", next: "any", credentialForMs: null },
  overloaded: { what: "is overloaded", next: "any", credentialForMs: null },
  server_error: { what: "failed", next: "any", credentialForMs: null },
  malformed_response: { what: "sent an answer that could not be understood", next: "any", credentialForMs: null },
  truncated: { what: "broke off its answer", next: "any", credentialForMs: null },
  credential_rejected: { what: "does not accept the credential", next: "other-credential", credentialForMs: 60_000 },
  credit_exhausted: { what: "has no credit left", next: "other-credential", credentialForMs: 300_000 },
  model_not_found: { what: "does not offer the model", next: "any", credentialForMs: null },
  context_length_exceeded: { what: "has too small a context window", next: "any", credentialForMs: null },
  content_filtered: { what: "filtered the request", next: "other-connection", credentialForMs: null },
  invalid_request: { what: "rejected the request", next: "none", credentialForMs: null },
  invalid_answer: { what: "gave an answer that is not good enough", next: "better-answer", credentialForMs: null },
  answer_too_long: { what: "gave an answer that is too long to be held", next: "none", credentialForMs: null },
  client_cancelled: { what: "was left by the client", next: "none", credentialForMs: null },
  process_lost: { what: "was lost with its gateway process", next: "none", credentialForMs: null },
};

/**
 * Says what follows a failed attempt. Pure. The plan only ever gets shorter and attempts are counted, so that a chain
 * of failures always ends.
 */
export function afterAttempt(failed: FailedAttempt): NextStep {
  const row = table[failed.failure];
  const { next, isRoutes, stopsBecause } = whatMayFollow(failed, row);
  const setAside = whatToSetAside(failed, row);
  const happened = `${failed.attempt.label} ${row.what}${inNumbers(failed)}`;
  const stop = (code: string, why: string): NextStep => ({
    next: "stop",
    setAside,
    because: { code, text: `${happened}; stopped, because ${why}.` },
  });
  if (failed.firstByteSent) return stop("stopped_after_first_byte", "the client already has part of this answer");
  if (next === "none") return stop(isRoutes ? "stopped_by_route" : "stopped_for_good", stopsBecause);
  if (failed.attemptsMade >= failed.maxAttempts) return stop("stopped_at_limit", "no more attempts are allowed");
  if ((failed.timeLeftMs ?? Infinity) < fewestUsefulMs) {
    return stop("stopped_at_deadline", "the client is not going to wait any longer");
  }
  const worthTrying = failed.remaining.filter((candidate) => isWorthTrying(candidate, failed, next));
  const isLast = failed.attemptsMade + 1 >= failed.maxAttempts;
  // A window that is only a little larger may be too small again, and then there is no other attempt.
  const inTurn = next === "larger-window" && isLast ? worthTrying.toSorted(byLargestWindow) : worthTrying;
  const chosen = inTurn.find((candidate) => mayTakeOver(candidate, failed));
  if (chosen === undefined) {
    return worthTrying.length === 0
      ? stop("stopped_without_target", "no other target is left that could answer")
      : stop("stopped_by_retry_budget", "the others already make up for as many failed calls as they may");
  }
  return {
    next: "next-target",
    index: failed.remaining.indexOf(chosen),
    setAside,
    because: {
      code: "next_target",
      text: `${happened}; trying ${chosen.label}${isRoutes ? ", as the route says" : ""}.`,
    },
  };
}

function byLargestWindow(left: PlannedAttempt, right: PlannedAttempt): number {
  return (right.contextWindow ?? 0) - (left.contextWindow ?? 0);
}

interface Following {
  readonly next: Next;
  /** The route has set it itself. */
  readonly isRoutes: boolean;
  /** For `none`. */
  readonly stopsBecause: string;
}

function whatMayFollow({ failure, attempt, afterFailure }: FailedAttempt, row: Row): Following {
  const trouble = troubleOf[failure];
  const noRemedy: Following = { next: row.next, isRoutes: false, stopsBecause: "another target would be no remedy" };
  // A cascade escalates because that is what it is for; no rule about failures ends it.
  if (trouble === null || (trouble === "invalidAnswer" && attempt.tier !== undefined)) return noRemedy;
  const ofRoute = afterFailure?.[trouble];
  const isRoutes = ofRoute !== undefined;
  const follow = ofRoute ?? usualAfterFailure[trouble];
  if (follow === "larger_model") return { ...noRemedy, next: "larger-window", isRoutes };
  if (follow === "other_target") return { ...noRemedy, isRoutes };
  const stopsBecause = `the route ${isRoutes ? "stops" : "allows no other target"} after ${troubleWords[trouble]}`;
  return { next: "none", isRoutes, stopsBecause };
}

/** The status, and how much time the call has lost by it. */
function inNumbers({ upstreamStatus = null, tookMs }: FailedAttempt): string {
  const parts = [
    ...(upstreamStatus === null || upstreamStatus < 400 ? [] : [`status ${upstreamStatus}`]),
    ...(tookMs === undefined ? [] : [`after ${showDuration(tookMs)}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function showDuration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function isWorthTrying(candidate: PlannedAttempt, { attempt, hasOtherCredential }: FailedAttempt, next: Next): boolean {
  const isElsewhere = candidate.connectionId !== attempt.connectionId;
  switch (next) {
    case "none":
      return false;
    case "any":
      return true;
    case "other-connection":
      return isElsewhere;
    case "other-credential":
      return isElsewhere || hasOtherCredential;
    case "larger-window":
      return (
        candidate.contextWindow !== null &&
        attempt.contextWindow !== null &&
        candidate.contextWindow > attempt.contextWindow
      );
    case "better-answer":
      return attempt.tier === undefined || (candidate.tier ?? Infinity) > attempt.tier;
  }
}

/** Where nothing has been sent yet, the next attempt is the first and makes up for nothing. */
function mayTakeOver(
  { connectionId }: PlannedAttempt,
  { attempt, attemptsMade, failure, health }: FailedAttempt,
): boolean {
  // A higher tier is asked because the route wants it so, not because anything is broken.
  if (failure === "invalid_answer" && attempt.tier !== undefined) return true;
  const connection = health.connections.get(connectionId);
  return attemptsMade === 0 || connection === undefined || hasRetryBudget(connection.sentAt(health.nowMs));
}

function whatToSetAside({ credentialId }: FailedAttempt, { credentialForMs }: Row): SetAside | null {
  return credentialId === null || credentialForMs === null ? null : { credentialId, forMs: credentialForMs };
}
