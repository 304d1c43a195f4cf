import type { ErrorSubject, ProviderError } from "../wire-format.ts";

const STATUS_NAMES: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const MESSAGES: Readonly<Record<number, (subject: ErrorSubject) => string>> = {
  400: () => "Request contains an invalid argument.",
  401: () => "API key not valid. Please pass a valid API key.",
  403: () => "The caller does not have permission",
  404: ({ model }) => `models/${model} is not found for API version v1beta`,
  429: () => "Resource has been exhausted (e.g. check quota).",
  503: () => "The model is overloaded. Please try again later.",
};

/** Google's error body. A bad key is a 400 at AI Studio, whose callers are told so in words. */
export function encodeGoogleError(error: ProviderError, subject: ErrorSubject): string {
  const { status, code } = error;
  const message = error.message ?? MESSAGES[status]?.(subject) ?? "An internal error has occurred.";
  return JSON.stringify({ error: { code: status, message, status: code ?? STATUS_NAMES[status] ?? "UNKNOWN" } });
}
