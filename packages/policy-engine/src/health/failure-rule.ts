import type { FailureClass } from "@switchyard/metering/usage-event";

interface FailureRule {
  /** Whose health it speaks of; null where it says nothing of the provider's. */
  readonly against: "target" | "connection" | null;
  /** Opens the circuit without waiting for more of its kind, because a second call would fail the same way. */
  readonly opensAtOnce: boolean;
  /** To be read after a name. */
  readonly what: string;
}

const ofTarget = { against: "target", opensAtOnce: false } as const;
const ofNobody = { against: null, opensAtOnce: false, what: "" } as const;

/** What each class of failure says about the one who failed. What the caller caused says nothing. */
export const failureRules: { readonly [failure in FailureClass]: FailureRule } = {
  connect: { against: "connection", opensAtOnce: true, what: "could not be reached" },
  model_not_found: { against: "target", opensAtOnce: true, what: "does not offer the model" },
  timeout: { ...ofTarget, what: "did not answer in time" },
  rate_limited: { ...ofTarget, what: "limited its rate" },
  overloaded: { ...ofTarget, what: "was overloaded" },
  server_error: { ...ofTarget, what: "failed" },
  malformed_response: { ...ofTarget, what: "sent answers that could not be understood" },
  truncated: { ...ofTarget, what: "broke off its answers" },
  credential_rejected: { ...ofTarget, what: "did not accept the credential" },
  credit_exhausted: { ...ofTarget, what: "had no credit left" },
  context_length_exceeded: ofNobody,
  content_filtered: ofNobody,
  invalid_request: ofNobody,
  // What an answer is worth says nothing of whether the next one will come.
  invalid_answer: ofNobody,
  answer_too_long: ofNobody,
  client_cancelled: ofNobody,
  process_lost: ofNobody,
};
