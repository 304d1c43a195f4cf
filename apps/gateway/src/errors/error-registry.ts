/**
 * Every code that the client API can answer with. Closed: a test compares it with docs/errors.md both ways.
 * `type` is OpenAI's error type; 503 is for trouble that is ours or a provider's, never 401, 402 or 429.
 */
export interface ErrorDefinition {
  readonly status: number;
  readonly type:
    | "invalid_request_error"
    | "authentication_error"
    | "permission_error"
    | "rate_limit_error"
    | "insufficient_quota"
    | "upstream_error"
    | "service_unavailable";
  /** Whether the same call may succeed later without a change; SDKs are told with `x-should-retry`. */
  readonly retryable: boolean;
}

export const errorRegistry = {
  invalid_json: { status: 400, type: "invalid_request_error", retryable: false },
  json_too_deep: { status: 400, type: "invalid_request_error", retryable: false },
  invalid_request: { status: 400, type: "invalid_request_error", retryable: false },
  invalid_header: { status: 400, type: "invalid_request_error", retryable: false },
  unsupported_parameter: { status: 400, type: "invalid_request_error", retryable: false },
  context_length_exceeded: { status: 400, type: "invalid_request_error", retryable: false },
  content_filter: { status: 400, type: "invalid_request_error", retryable: false },
  upstream_rejected_request: { status: 400, type: "invalid_request_error", retryable: false },
  invalid_api_key: { status: 401, type: "authentication_error", retryable: false },
  invalid_passthrough_path: { status: 400, type: "invalid_request_error", retryable: false },
  passthrough_not_allowed: { status: 403, type: "permission_error", retryable: false },
  route_not_allowed: { status: 403, type: "permission_error", retryable: false },
  model_not_found: { status: 404, type: "invalid_request_error", retryable: false },
  endpoint_not_found: { status: 404, type: "invalid_request_error", retryable: false },
  receipt_not_found: { status: 404, type: "invalid_request_error", retryable: false },
  call_not_found: { status: 404, type: "invalid_request_error", retryable: false },
  method_not_allowed: { status: 405, type: "invalid_request_error", retryable: false },
  request_timeout: { status: 408, type: "invalid_request_error", retryable: true },
  idempotency_key_reused: { status: 409, type: "invalid_request_error", retryable: false },
  idempotency_key_in_use: { status: 409, type: "invalid_request_error", retryable: true },
  idempotency_answer_not_kept: { status: 409, type: "invalid_request_error", retryable: false },
  idempotency_outcome_lost: { status: 409, type: "invalid_request_error", retryable: false },
  body_too_large: { status: 413, type: "invalid_request_error", retryable: false },
  unsupported_media_type: { status: 415, type: "invalid_request_error", retryable: false },
  model_not_priced: { status: 422, type: "invalid_request_error", retryable: false },
  above_price_ceiling: { status: 422, type: "invalid_request_error", retryable: false },
  budget_exceeded: { status: 429, type: "insufficient_quota", retryable: false },
  rate_limit_exceeded: { status: 429, type: "rate_limit_error", retryable: true },
  concurrency_limit_exceeded: { status: 429, type: "rate_limit_error", retryable: true },
  upstream_rate_limited: { status: 429, type: "rate_limit_error", retryable: true },
  client_closed_request: { status: 499, type: "invalid_request_error", retryable: false },
  internal_error: { status: 500, type: "service_unavailable", retryable: true },
  upstream_error: { status: 502, type: "upstream_error", retryable: true },
  upstream_malformed_output: { status: 502, type: "upstream_error", retryable: true },
  answer_invalid: { status: 502, type: "upstream_error", retryable: true },
  answer_too_large: { status: 502, type: "upstream_error", retryable: false },
  stream_truncated: { status: 502, type: "upstream_error", retryable: true },
  policy_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  budget_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  rate_limit_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  receipt_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  feedback_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  idempotency_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  journal_unavailable: { status: 503, type: "service_unavailable", retryable: true },
  overloaded: { status: 503, type: "service_unavailable", retryable: true },
  shutting_down: { status: 503, type: "service_unavailable", retryable: true },
  no_target_available: { status: 503, type: "service_unavailable", retryable: true },
  provider_credential_rejected: { status: 503, type: "service_unavailable", retryable: false },
  provider_credit_exhausted: { status: 503, type: "service_unavailable", retryable: false },
  upstream_timeout: { status: 504, type: "upstream_error", retryable: true },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorRegistry;

export function isErrorCode(text: string | null): text is ErrorCode {
  return text !== null && Object.hasOwn(errorRegistry, text);
}
