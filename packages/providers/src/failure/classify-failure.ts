/** OpenAI's errors, and those of the many servers that speak its protocol, into the closed set that policy decides on. */
import type { FailureClass } from "@switchyard/metering/usage-event";
import { type ErrorDetails, noErrorDetails, readErrorDetails } from "./error-details.ts";
import { isFields } from "../json/field-reader.ts";
import { matchSentence, matchSign } from "./failure-signs.ts";
import { readQuotaDetails } from "./quota-details.ts";
import { publicMessages } from "./public-message.ts";
import { readRetryAfterMs, readRetryAfterWords } from "./retry-after.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";
import { decodeUtf8, withoutByteOrderMark } from "../text/utf8.ts";

const longestProviderMessage = 2_000;
const lineFeed = 0x0a;

/** Classifies an answer whose status is not 2xx. */
export function classifyFailedResponse(response: FailedResponse): ProviderFailure {
  const body = readErrorBody(response.body);
  const details = readErrorDetails(body);
  const quota = readQuotaDetails(body);
  const failure = classify(response.status, details);
  if (failure === "rate_limited" && quota.isUsedUpForTheDay) return describe("credit_exhausted", details, null);
  const retryAfterMs = readRetryAfterMs(response.headers, response.nowMs) ?? quota.retryDelayMs;
  return describe(failure, details, retryAfterMs);
}

/**
 * Classifies an error object that came where an answer was expected: in a 200 body, or in a stream. The answer or event
 * that holds it does as well, and says more where codes stand beside the error.
 */
export function classifyErrorObject(error: unknown): ProviderFailure {
  const details = readErrorDetails(error);
  const statusInCode = Number(details.code);
  const isStatus = Number.isInteger(statusInCode) && statusInCode >= 400 && statusInCode <= 599;
  const failure = isStatus ? classify(statusInCode, details) : (nameOf(details) ?? "server_error");
  return describe(failure, details, null);
}

/**
 * Classifies the error that was found in an answer or an event: by all of it, where it is a member of that itself, since a
 * code may stand beside it.
 */
export function classifyHeldError(holder: unknown, error: unknown): ProviderFailure {
  return classifyErrorObject(isFields(holder) && (holder["error"] ?? null) !== null ? holder : error);
}

/** A failure that the gateway itself found in an answer. */
export function malformedResponse(): ProviderFailure {
  return describe("malformed_response", noErrorDetails, null);
}

/** A stream that ended before its answer did. */
export function truncatedResponse(): ProviderFailure {
  return describe("truncated", noErrorDetails, null);
}

function classify(status: number, details: ErrorDetails): FailureClass {
  const named = nameOf(details);
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
  return matchSentence(details.message) ?? classifyClientError(status);
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

function nameOf({ meaning, code, type, message }: ErrorDetails): FailureClass | null {
  // What is wrong with a request its sentence may say closer.
  if (meaning === "invalid_request") return matchSentence(message) ?? meaning;
  return meaning ?? matchSign(code) ?? matchSign(type);
}

/** What stands before the JSON of a failure that is told as the one event of a stream. */
const eventFields = /^(?:(?:event|id): ?[^\r\n]{0,100}\s+)*data: ?(?=[{[])/;

/** A body that is no JSON is the sentence itself, unless it is the page of something in between. */
function readErrorBody(received: Uint8Array): unknown {
  const unmarked = withoutByteOrderMark(received);
  const beginning = decodeUtf8(unmarked.subarray(0, longestProviderMessage));
  const fields = eventFields.exec(beginning.trimStart())?.[0];
  const body = fields === undefined ? unmarked : lineFrom(unmarked, beginning.indexOf(fields) + fields.length);
  const scan = scanTopLevel(body);
  if (scan.ok || scan.problem === "not_an_object") return JSON.parse(decodeUtf8(body));
  const text = decodeUtf8(body.subarray(0, longestProviderMessage)).trim();
  return scan.problem !== "not_json" || /^[<{[]/.test(text) ? undefined : text;
}

/** What passes by itself, so that a time to wait means something. */
const passing: ReadonlySet<FailureClass> = new Set(["rate_limited", "overloaded"]);

function waitInWords({ message }: ErrorDetails): number | null {
  return message === null ? null : readRetryAfterWords(message.slice(0, longestProviderMessage));
}

/** The rest of a line, of which all that stands before is ASCII. */
function lineFrom(bytes: Uint8Array, start: number): Uint8Array {
  const end = bytes.indexOf(lineFeed, start);
  return bytes.subarray(start, end === -1 ? bytes.length : end);
}

function describe(failure: FailureClass, details: ErrorDetails, retryAfterMs: number | null): ProviderFailure {
  return {
    failure,
    message: publicMessages[failure],
    retryAfterMs: retryAfterMs ?? (passing.has(failure) ? waitInWords(details) : null),
    providerCode: details.code === null ? details.type : String(details.code),
    providerParam: details.param,
    providerMessage: details.message?.slice(0, longestProviderMessage) ?? null,
  };
}
