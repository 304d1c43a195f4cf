import type { FailureClass } from "@switchyard/metering/usage-event";

/** What a client may read about each failure. Ours word for word: a provider's own text can hold secrets or prompts. */
export const publicMessages: { readonly [failure in FailureClass]: string } = {
  connect: "The provider could not be reached.",
  timeout: "The provider did not answer in time.",
  rate_limited: "The provider is limiting the rate of calls.",
  overloaded: "The provider is overloaded.",
  server_error: "The provider failed to answer.",
  credential_rejected: "The provider does not accept the gateway's credential.",
  credit_exhausted: "The gateway's account at the provider has no credit left.",
  model_not_found: "The provider does not offer this model.",
  context_length_exceeded: "The request is longer than the model's context window.",
  content_filtered: "The provider's content filter blocked the request.",
  invalid_request: "The provider rejected the request as invalid.",
  malformed_response: "The provider sent an answer that could not be understood.",
  truncated: "The provider ended the stream before the answer was complete.",
  invalid_answer: "No provider gave an answer that is good enough for this route.",
  answer_too_long: "The answer is longer than this route holds back to check it.",
  client_cancelled: "The client closed the connection.",
  process_lost: "The gateway process ended before the answer was complete.",
};
