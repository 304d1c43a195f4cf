/** OpenAI's errors, and those of the many servers that speak its protocol, into the closed set that policy decides on. */
import type { FailureClass } from "@switchyard/metering/usage-event";
import { type ErrorDetails, noErrorDetails, readErrorDetails } from "./error-details.ts";
import { isFields } from "../json/field-reader.ts";
import { readQuotaDetails } from "./quota-details.ts";
import { publicMessages } from "./public-message.ts";
import { readRetryAfterMs, readRetryAfterWords } from "./retry-after.ts";
import { scanTopLevel } from "../json/scan-top-level.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";
import { decodeUtf8, withoutByteOrderMark } from "../text/utf8.ts";

const longestProviderMessage = 2_000;
const lineFeed = 0x0a;

/** Codes and types that say what is wrong whatever the status; the first match counts. */
const signs: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /^(?:insufficient_quota|exceeded_current_quota_error|billing_\w+|insufficient_credits?|arrearage|allocationquota\.freetieronly|\w+_spend_limit_reached)$/i,
    "credit_exhausted",
  ],
  [
    /^(?:context_length_exceeded|exceed_context_size_error|context_window_exceeded|too_many_prompt_tokens)$/,
    "context_length_exceeded",
  ],
  // A call that the model wrote and the provider could not read: the request was fine.
  [/^tool_use_failed$/, "malformed_response"],
  [
    /^(?:content_filter|content_policy_violation|data_?inspection_?failed|moderation_blocked|\w+_policy_violation|bio_policy)$/i,
    "content_filtered",
  ],
  [
    /^(?:invalid_api_key|api_key_invalid|invalid_authentication|authentication_error|unauthorized)$/i,
    "credential_rejected",
  ],
  [
    /^(?:model_not_found|deployment_?not_?found|unsupported_model|invalid_model|not_found_error|notfounderror)$/i,
    "model_not_found",
  ],
  [
    /^(?:rate_limit_exceeded|rate_limit_error|rate_limit_reached_error|rate_limited|tokens|requests|too_many_requests|resource_exhausted)$/i,
    "rate_limited",
  ],
  [
    /^(?:overloaded|overloaded_error|engine_overloaded(?:_error)?|server_overloaded|provider_overloaded|capacity_exceeded|unavailable)$/i,
    "overloaded",
  ],
];

/** Sentences of servers that give no code. They are only believed on a client error, where a body is about the request. */
const sentences: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /context (?:length|window|size|limit)|(?:prompt|input) is too long|too many (?:prompt |input )?tokens|token count.{0,40}exceeds|token count is \d+ but|tokens exceeds? (?:the )?max|inputs`? tokens \+|maximum prompt length|maximum model length|range of input length|must have less than \d+ tokens|exceeds? (?:the )?(?:model's )?max(?:imum)? (?:input|prompt|length)|model token limit/i,
    "context_length_exceeded",
  ],
  [
    /credit balance is too low|specified (?:workspace )?API usage limits|not have any credits|account .{0,80}is suspended|monthly spending limit|insufficient (?:balance|credits|funds)|limited to \d+ API calls \/ month/i,
    "credit_exhausted",
  ],
  [
    /api[ _-]?key (?:is )?(?:not valid|invalid|expired)|(?:invalid|incorrect|wrong|expired) api[ _-]?key|location is not supported/i,
    "credential_rejected",
  ],
  [
    /content (?:filter|management policy|policy|exists risk)|was flagged|flagged (?:by|as|for)|requires moderation|safety (?:system|filter)|usage guidelines/i,
    "content_filtered",
  ],
  [
    /not a valid model|model not exist|^(?:the )?model .{0,200}(?:does not exist|not found)|unknown model/i,
    "model_not_found",
  ],
];

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

/** Classifies an error object that came where an answer was expected: in a 200 body, or in a stream. */
export function classifyErrorObject(error: unknown): ProviderFailure {
  const details = readErrorDetails(error);
  const statusInCode = Number(details.code);
  const isStatus = Number.isInteger(statusInCode) && statusInCode >= 400 && statusInCode <= 599;
  const named = nameOf(details);
  const failure = isStatus ? classify(statusInCode, details) : (named ?? "server_error");
  return describe(failure, details, null);
}

/** Classifies the data of an event that says it is an error, whichever of the known shapes it has. */
export function classifyErrorEvent(data: unknown): ProviderFailure {
  const nested = isFields(data) ? data["error"] : undefined;
  return classifyErrorObject(isFields(nested) ? nested : data);
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
    default:
      return "invalid_request";
  }
}

function nameOf({ meaning, code, type }: ErrorDetails): FailureClass | null {
  return meaning ?? matchSign(code) ?? matchSign(type);
}

function matchSign(code: string | number | null): FailureClass | null {
  if (typeof code !== "string" || code.length > 100) return null;
  return signs.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}

function matchSentence(message: string | null): FailureClass | null {
  if (message === null) return null;
  const beginning = message.slice(0, longestProviderMessage);
  return sentences.find(([pattern]) => pattern.test(beginning))?.[1] ?? null;
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
