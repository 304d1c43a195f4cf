import type { ErrorSubject, ProviderError } from "../wire-format.ts";

interface ErrorText {
  readonly type: string;
  readonly message: (subject: ErrorSubject) => string;
}

const INVALID: ErrorText = { type: "invalid_request_error", message: () => "Your request was rejected." };
const SERVER_ERROR: ErrorText = { type: "api_error", message: () => "Internal server error" };

const BY_STATUS: Readonly<Record<number, ErrorText>> = {
  400: INVALID,
  401: { type: "authentication_error", message: () => "invalid x-api-key" },
  402: { type: "billing_error", message: () => "Your credit balance is too low to access the Anthropic API." },
  403: { type: "permission_error", message: () => "Your API key does not have permission to use this resource." },
  404: { type: "not_found_error", message: ({ model }) => `model: ${model}` },
  413: { type: "request_too_large", message: () => "Request exceeds the maximum size" },
  429: { type: "rate_limit_error", message: () => "This request would exceed your organization's rate limit." },
  504: { type: "timeout_error", message: () => "Request timed out" },
  529: { type: "overloaded_error", message: () => "Overloaded" },
};

/** Anthropic's error body. A code goes where the API puts one: into the details of the error. */
export function encodeAnthropicError(error: ProviderError, subject: ErrorSubject): string {
  const text = BY_STATUS[error.status] ?? (error.status >= 500 ? SERVER_ERROR : INVALID);
  const details = error.code === undefined ? {} : { details: { error_code: error.code } };
  return JSON.stringify({
    type: "error",
    error: { type: text.type, message: error.message ?? text.message(subject), ...details },
    request_id: "req_simulated",
  });
}
