/** Bedrock names an error in a header or in a frame; a few of its front doors name it in the body instead. */
import { classifyErrorObject, classifyFailedResponse } from "../failure/classify-failure.ts";
import { publicMessages } from "../failure/public-message.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";

/** As the status that the same exception has outside of a stream. */
const statuses: { readonly [exception: string]: number } = {
  internalServerException: 500,
  modelErrorException: 424,
  modelNotReadyException: 429,
  modelStreamErrorException: 424,
  modelTimeoutException: 408,
  accessDeniedException: 403,
  resourceNotFoundException: 404,
  serviceQuotaExceededException: 429,
  serviceUnavailableException: 503,
  throttlingException: 429,
  unknownOperationException: 404,
  validationException: 400,
};
const unknownModel =
  /model identifier is invalid|model .{0,200}(?:not found|end of its life)|with on-demand throughput isn.t supported/i;

/** A quota of the day, which is no matter of seconds. */
const dailyQuota = /\bper day\b/i;

/** An exception that came as a frame of a stream. */
export function classifyException(exception: string | undefined, message: unknown): ProviderFailure {
  const status = statusOf(exception ?? "") ?? 500;
  return withDailyQuota({ ...classifyErrorObject({ code: status, message }), providerCode: exception ?? null });
}

/** Sentences by which an exception is known that nothing else names. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^too many (?:requests|tokens)\b/i, "ThrottlingException"],
  [/^(?:the model returned the following errors|malformed input request)\b/i, "ValidationException"],
];

/** What came where an answer was expected and is none: an error told in its body; null where it tells of none. */
export function classifyAnswerError(body: Readonly<Record<string, unknown>>): ProviderFailure | null {
  const { message } = body;
  const said = typeof message === "string" ? sentences.find(([pattern]) => pattern.test(message))?.[1] : undefined;
  const exception = exceptionIn(body) ?? said;
  return exception === undefined && typeof message !== "string" ? null : classifyException(exception, message);
}

/** An answer whose status is not 2xx. */
export function classifyBedrockFailure(response: FailedResponse): ProviderFailure {
  const header = response.headers["x-amzn-errortype"];
  const exception =
    typeof header === "string" ? header.split(":")[0] : exceptionIn(readJsonObject(response.body) ?? {});
  const status = statusOf(exception ?? "") ?? response.status;
  const classified = classifyFailedResponse({ ...response, status });
  const isUnknownModel =
    classified.failure === "invalid_request" && unknownModel.test(classified.providerMessage ?? "");
  return withDailyQuota({
    ...classified,
    ...(isUnknownModel ? { failure: "model_not_found" } : {}),
    providerCode: exception ?? classified.providerCode,
  });
}

function withDailyQuota(failure: ProviderFailure): ProviderFailure {
  const isUsedUp = failure.failure === "rate_limited" && dailyQuota.test(failure.providerMessage ?? "");
  return isUsedUp
    ? { ...failure, failure: "credit_exhausted", message: publicMessages.credit_exhausted, retryAfterMs: null }
    : failure;
}

/** `com.amazon.coral.service#AccessDeniedException`, in what every AWS service answers that was never reached. */
function exceptionIn(body: Readonly<Record<string, unknown>>): string | undefined {
  const output = body["Output"];
  const type = body["__type"] ?? (isFields(output) ? output["__type"] : undefined);
  return typeof type === "string" ? type.split("#").at(-1) : undefined;
}

/** In a header a name begins with a capital letter, in a frame with a small one. */
function statusOf(exception: string): number | undefined {
  const name = exception.slice(0, 1).toLowerCase() + exception.slice(1, 100);
  return Object.hasOwn(statuses, name) ? statuses[name] : undefined;
}
