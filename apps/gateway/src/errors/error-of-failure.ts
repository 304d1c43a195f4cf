import type { FailureClass } from "@switchyard/metering/usage-event";
import type { ProviderFailure } from "@switchyard/providers/provider-codec";
import { redactText } from "@switchyard/telemetry/redact-value";
import type { ErrorCode } from "./error-registry.ts";
import { GatewayError } from "./gateway-error.ts";

const codeOf: Readonly<Record<FailureClass, ErrorCode>> = {
  connect: "upstream_error",
  timeout: "upstream_timeout",
  rate_limited: "upstream_rate_limited",
  overloaded: "overloaded",
  server_error: "upstream_error",
  credential_rejected: "provider_credential_rejected",
  credit_exhausted: "provider_credit_exhausted",
  model_not_found: "model_not_found",
  context_length_exceeded: "context_length_exceeded",
  content_filtered: "content_filter",
  invalid_request: "upstream_rejected_request",
  malformed_response: "upstream_malformed_output",
  truncated: "stream_truncated",
  invalid_answer: "answer_invalid",
  answer_too_long: "answer_too_large",
  client_cancelled: "client_closed_request",
  process_lost: "internal_error",
};

// Where the client can do something about it, the provider's own words help; anywhere else they are the operator's.
const classesWithProviderText: ReadonlySet<FailureClass> = new Set([
  "context_length_exceeded",
  "content_filtered",
  "invalid_request",
]);
const longestProviderText = 500;
const longestParam = 100;

/** What the client is told when a provider's failure is the answer. Provider text is redacted before it gets out. */
export function errorOfFailure(failure: ProviderFailure): GatewayError {
  const hasText = failure.providerMessage !== null && classesWithProviderText.has(failure.failure);
  const message = hasText
    ? `${failure.message} The provider said: ${redactText(failure.providerMessage ?? "", longestProviderText)}`
    : failure.message;
  const retryAfterSeconds = failure.retryAfterMs === null ? undefined : Math.ceil(failure.retryAfterMs / 1000);
  return new GatewayError(codeOf[failure.failure], message, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(failure.providerParam === null ? {} : { param: redactText(failure.providerParam, longestParam) }),
  });
}
