/** What a route lets follow a failure, by the kind of trouble: the part of `after-attempt.ts` that is policy. */
import type { FailureClass } from "@switchyard/metering/usage-event";
import { z } from "zod";

const otherTargetOrStop = z.enum(["other_target", "stop"]).optional();

/** What is left out stays as `usualAfterFailure` has it. */
export const afterFailureSchema = z.strictObject({
  /** The target limits its rate or is overloaded. */
  overload: otherTargetOrStop,
  /** It cannot be reached, fails, is silent, or breaks off its answer. */
  outage: otherTargetOrStop,
  /** It takes the credential for none, or its account has no credit: the credential is set aside in any case. */
  badCredential: otherTargetOrStop,
  /** The request does not fit its window. `larger_model`: only a target whose window is known to be larger. */
  contextWindow: z.enum(["larger_model", "other_target", "stop"]).optional(),
  /** It refused the request for what it says. `other_target`: one at another connection. */
  contentFilter: otherTargetOrStop,
  /** Its answer came and did not pass the route's checks. */
  invalidAnswer: otherTargetOrStop,
});

export type AfterFailure = z.infer<typeof afterFailureSchema>;
export type Trouble = keyof AfterFailure;
export type Follow = "other_target" | "larger_model" | "stop";

/**
 * What follows where a route says nothing. What one provider has filtered is not taken to the next: that would be looking for
 * somebody who lets it pass, and is for the route's owner to decide.
 */
export const usualAfterFailure: Readonly<Record<Trouble, Follow>> = {
  overload: "other_target",
  outage: "other_target",
  badCredential: "other_target",
  contextWindow: "larger_model",
  contentFilter: "stop",
  invalidAnswer: "other_target",
};

/** Null: nothing may follow, whatever a route says. */
export const troubleOf: { readonly [failure in FailureClass]: Trouble | null } = {
  connect: "outage",
  timeout: "outage",
  server_error: "outage",
  malformed_response: "outage",
  truncated: "outage",
  model_not_found: "outage",
  rate_limited: "overload",
  overloaded: "overload",
  credential_rejected: "badCredential",
  credit_exhausted: "badCredential",
  context_length_exceeded: "contextWindow",
  content_filtered: "contentFilter",
  invalid_answer: "invalidAnswer",
  invalid_request: null,
  answer_too_long: null,
  client_cancelled: null,
  process_lost: null,
};

/** To be read after "after". */
export const troubleWords: Readonly<Record<Trouble, string>> = {
  overload: "an overloaded target",
  outage: "an outage",
  badCredential: "a credential that is not accepted",
  contextWindow: "a request that is too long",
  contentFilter: "a request that was filtered",
  invalidAnswer: "an answer that is not good enough",
};
