import { classifyFailedResponse } from "../failure/classify-failure.ts";
import { publicMessages } from "../failure/public-message.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";

type Fields = Readonly<Record<string, unknown>>;

const delayPattern = /^(\d{1,6}(?:\.\d{1,9})?)s$/;

/**
 * As everywhere, except that Google says in the body how long it asks to be left alone, and which quota is used up: one for
 * the day is no matter of seconds, whatever the delay that it names.
 */
export function classifyGeminiFailure(response: FailedResponse): ProviderFailure {
  const classified = classifyFailedResponse(response);
  const details = readDetails(response.body);
  if (classified.failure === "rate_limited" && details.some(isDailyQuota)) return exhausted(classified);
  return { ...classified, retryAfterMs: classified.retryAfterMs ?? readRetryDelayMs(details) };
}

function exhausted(classified: ProviderFailure): ProviderFailure {
  return { ...classified, failure: "credit_exhausted", message: publicMessages.credit_exhausted, retryAfterMs: null };
}

function readDetails(body: Uint8Array): readonly Fields[] {
  const error = readJsonObject(body)?.["error"];
  const details: readonly unknown[] = isFields(error) && Array.isArray(error["details"]) ? error["details"] : [];
  return details.filter(isFields);
}

function isDailyQuota({ violations }: Fields): boolean {
  const all: readonly unknown[] = Array.isArray(violations) ? violations : [];
  return all.some((violation) => isFields(violation) && /PerDay/.test(String(violation["quotaId"])));
}

function readRetryDelayMs(details: readonly Fields[]): number | null {
  for (const detail of details) {
    const delay = detail["retryDelay"];
    const [, seconds] = typeof delay === "string" ? (delayPattern.exec(delay) ?? []) : [];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1_000);
  }
  return null;
}
