/** OpenAI's errors, and those of the many servers that speak its protocol, into the closed set that policy decides on. */
import type { FailureClass } from "@switchyard/metering/usage-event";
import { isFields } from "../json/field-reader.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";
import { readLimitResetMs } from "../rate-limits/read-limit-reset.ts";
import { type ErrorDetails, noErrorDetails, readErrorDetails } from "./error-details.ts";
import { type ErrorMeanings, usualMeanings } from "./error-meanings.ts";
import { longestProviderMessage, matchSentence, matchSign } from "./failure-signs.ts";
import { readQuotaDetails } from "./quota-details.ts";
import { publicMessages } from "./public-message.ts";
import { readErrorBody } from "./read-error-body.ts";
import { readRetryAfterMs, readRetryAfterWords } from "./retry-after.ts";

/** Classifies an answer whose status is not 2xx. `meanings` are those of the kind of server that it came from. */
export function classifyFailedResponse(
  response: FailedResponse,
  meanings: ErrorMeanings = usualMeanings,
): ProviderFailure {
  const { status, headers, nowMs } = response;
  const body = readErrorBody(response.body);
  const details = readErrorDetails(body);
  const quota = readQuotaDetails(body);
  const failure = classify(status, details, meanings);
  if (failure === "rate_limited" && quota.isUsedUpForTheDay) return describe("credit_exhausted", details, null);
  const asked = describe(failure, details, readRetryAfterMs(headers, nowMs) ?? quota.retryDelayMs);
  if (failure !== "rate_limited" || asked.retryAfterMs !== null) return asked;
  return { ...asked, retryAfterMs: readLimitResetMs({ ...quota.headers, ...headers }, details.type, nowMs) };
}

/**
 * Classifies an error object that came where an answer was expected: in a 200 body, or in a stream. The answer or event
 * that holds it does as well, and says more where codes stand beside the error.
 */
export function classifyErrorObject(error: unknown, meanings: ErrorMeanings = usualMeanings): ProviderFailure {
  const details = readErrorDetails(error);
  const statusInCode = Number(details.code);
  const isStatus = Number.isInteger(statusInCode) && statusInCode >= 400 && statusInCode <= 599;
  // What calls the request invalid says why as a status of 400 would.
  const status = isStatus ? statusInCode : details.type === "invalid_request_error" ? 400 : null;
  const failure = status === null ? nameOf(details, meanings) : classify(status, details, meanings);
  return describe(failure ?? "server_error", details, null);
}

/**
 * Classifies the error that was found in an answer or an event: by all of it, where it is a member of that itself, since a
 * code may stand beside it.
 */
export function classifyHeldError(
  holder: unknown,
  error: unknown,
  meanings: ErrorMeanings = usualMeanings,
): ProviderFailure {
  return classifyErrorObject(isFields(holder) && (holder["error"] ?? null) !== null ? holder : error, meanings);
}

/** A failure that the gateway itself found in an answer. */
export function malformedResponse(): ProviderFailure {
  return describe("malformed_response", noErrorDetails, null);
}

/** A stream that ended before its answer did. */
export function truncatedResponse(): ProviderFailure {
  return describe("truncated", noErrorDetails, null);
}

function classify(status: number, details: ErrorDetails, meanings: ErrorMeanings): FailureClass {
  const named = nameOf(details, meanings);
  if (status >= 500) {
    // A 5xx speaks of the provider; only what no retry can cure is taken from its body.
    return named !== null && namedOnServerErrors.has(named) ? named : classifyServerError(status);
  }
  if (status === 401) return named === "credit_exhausted" ? named : "credential_rejected";
  if (status === 402) return "credit_exhausted";
  if (status === 429) {
    if (named === "credit_exhausted" || named === "overloaded") return named;
    return matchSentence(details.message) === "credit_exhausted" ? "credit_exhausted" : "rate_limited";
  }
  if (named !== null) return named;
  if (status < 400) return "server_error";
  return matchSentence(details.message) ?? requestFaultOf(details.cause) ?? classifyClientError(status);
}

const namedOnServerErrors: ReadonlySet<FailureClass> = new Set([
  "context_length_exceeded",
  "credit_exhausted",
  "overloaded",
]);

function classifyServerError(status: number): FailureClass {
  if (status === 503 || status === 529) return "overloaded";
  if (status === 504 || status === 524) return "timeout";
  return "server_error";
}

function classifyClientError(status: number): FailureClass {
  switch (status) {
    case 403:
      return "credential_rejected";
    case 404:
    case 405:
    case 410:
      return "model_not_found";
    case 408:
      return "timeout";
    case 409:
    case 424:
    case 499:
      return "server_error";
    case 425:
    case 498:
      return "overloaded";
    case 451:
      return "content_filtered";
    default:
      return "invalid_request";
  }
}

function nameOf(details: ErrorDetails, meanings: ErrorMeanings): FailureClass | null {
  const { meaning, code, type, message } = details;
  // What is wrong with a request its sentence may say closer.
  if (meaning === "invalid_request") return matchSentence(message) ?? meaning;
  return meaning ?? meaningOf(code, meanings) ?? meaningOf(type, meanings) ?? matchSign(code) ?? matchSign(type);
}

function meaningOf(name: string | number | null, meanings: ErrorMeanings): FailureClass | null {
  const known = typeof name === "string" ? name.toLowerCase() : "";
  return Object.hasOwn(meanings, known) ? (meanings[known] ?? null) : null;
}

/** What is wrong with a request is so for whoever was asked; accounts and limits behind a router are the router's own. */
const requestFaults: ReadonlySet<FailureClass | null> = new Set(["context_length_exceeded", "content_filtered"]);

function requestFaultOf(cause: ErrorDetails | null): FailureClass | null {
  if (cause === null) return null;
  const fault = nameOf(cause, usualMeanings) ?? matchSentence(cause.message);
  return requestFaults.has(fault) ? fault : null;
}

/** What passes by itself, so that a time to wait means something. */
const passing: ReadonlySet<FailureClass> = new Set(["rate_limited", "overloaded"]);

function waitInWords({ message }: ErrorDetails): number | null {
  return message === null ? null : readRetryAfterWords(message.slice(0, longestProviderMessage));
}

function describe(failure: FailureClass, details: ErrorDetails, retryAfterMs: number | null): ProviderFailure {
  return {
    failure,
    message: publicMessages[failure],
    retryAfterMs: retryAfterMs ?? (passing.has(failure) ? waitInWords(details) : null),
    providerCode: details.code === null ? details.type : String(details.code),
    providerParam: details.param ?? details.cause?.param ?? null,
    providerMessage:
      (saysNothing(details) ? details.cause : details)?.message?.slice(0, longestProviderMessage) ?? null,
  };
}

/** Routers say no more of some failures than that there was one. */
function saysNothing({ message, cause }: ErrorDetails): boolean {
  return cause?.message != null && (message === null || /^provider returned error\.?$/i.test(message));
}
