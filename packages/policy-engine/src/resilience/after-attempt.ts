/** What a failed attempt leads to: one table, one row for every class of failure. */
import type { FailureClass, Reason } from "@switchyard/metering/usage-event";
import type { PlannedAttempt } from "../routing/plan-route.ts";

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
  /** The planned attempts that come after this one. */
  readonly remaining: readonly PlannedAttempt[];
  /** What the provider asked for; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
}

/** Something to leave alone for a while. The shell keeps it, and tells the planner. */
export interface SetAside {
  readonly scope: "target" | "connection" | "credential";
  readonly id: string;
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

/** The longest that a provider's `Retry-After` is obeyed; after that it is asked again. */
export const longestSetAsideMs = 60_000;

interface Row {
  /** What happened, to be read after the target's name. */
  readonly what: string;
  /** Which planned targets are worth trying after it. */
  readonly next: "none" | "any" | "other-connection" | "other-credential" | "larger-window";
  /** What is left alone, and for how long where the provider does not say. */
  readonly setAside: { readonly scope: SetAside["scope"]; readonly forMs: number } | null;
}

const table: { readonly [failure in FailureClass]: Row } = {
  connect: {
    what: "could not be reached",
    next: "other-connection",
    setAside: { scope: "connection", forMs: 1_000 },
  },
  timeout: { what: "did not answer in time", next: "any", setAside: null },
  rate_limited: { what: "is limiting its rate", next: "any", setAside: { scope: "target", forMs: 1_000 } },
  overloaded: { what: "is overloaded", next: "any", setAside: { scope: "target", forMs: 1_000 } },
  server_error: { what: "failed", next: "any", setAside: null },
  malformed_response: { what: "sent an answer that could not be understood", next: "any", setAside: null },
  truncated: { what: "broke off its answer", next: "any", setAside: null },
  credential_rejected: {
    what: "does not accept the credential",
    next: "other-credential",
    setAside: { scope: "credential", forMs: 60_000 },
  },
  credit_exhausted: {
    what: "has no credit left",
    next: "other-credential",
    setAside: { scope: "credential", forMs: 300_000 },
  },
  model_not_found: { what: "does not offer the model", next: "any", setAside: { scope: "target", forMs: 60_000 } },
  context_length_exceeded: { what: "has too small a context window", next: "larger-window", setAside: null },
  content_filtered: { what: "filtered the request", next: "none", setAside: null },
  invalid_request: { what: "rejected the request", next: "none", setAside: null },
  client_cancelled: { what: "was left by the client", next: "none", setAside: null },
  process_lost: { what: "was lost with its gateway process", next: "none", setAside: null },
};

/**
 * Says what follows a failed attempt. Pure. The plan only ever gets shorter and attempts are counted, so that a chain
 * of failures always ends.
 */
export function afterAttempt(failed: FailedAttempt): NextStep {
  const row = table[failed.failure];
  const setAside = whatToSetAside(failed, row);
  const happened = `${failed.attempt.label} ${row.what}`;
  const stop = (code: string, why: string): NextStep => ({
    next: "stop",
    setAside,
    because: { code, text: `${happened}; stopped, because ${why}.` },
  });
  if (failed.firstByteSent) return stop("stopped_after_first_byte", "the client already has part of this answer");
  if (row.next === "none") return stop("stopped_for_good", "another target would be no remedy");
  if (failed.attemptsMade >= failed.maxAttempts) return stop("stopped_at_limit", "no more attempts are allowed");
  const index = failed.remaining.findIndex((candidate) => isWorthTrying(candidate, failed, row));
  const chosen = failed.remaining[index];
  if (chosen === undefined) return stop("stopped_without_target", "no other target is left that could answer");
  return {
    next: "next-target",
    index,
    setAside,
    because: { code: "next_target", text: `${happened}; trying ${chosen.label}.` },
  };
}

function isWorthTrying(candidate: PlannedAttempt, { attempt, hasOtherCredential }: FailedAttempt, row: Row): boolean {
  const isElsewhere = candidate.connectionId !== attempt.connectionId;
  switch (row.next) {
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
  }
}

function whatToSetAside({ attempt, credentialId, retryAfterMs }: FailedAttempt, { setAside }: Row): SetAside | null {
  if (setAside === null) return null;
  const id = { target: attempt.targetId, connection: attempt.connectionId, credential: credentialId }[setAside.scope];
  // The provider knows best how long, but must not switch itself off for good. A credential is not a matter of minutes.
  const forMs =
    setAside.scope === "credential" ? setAside.forMs : Math.min(retryAfterMs ?? setAside.forMs, longestSetAsideMs);
  return id === null || forMs <= 0 ? null : { scope: setAside.scope, id, forMs };
}
