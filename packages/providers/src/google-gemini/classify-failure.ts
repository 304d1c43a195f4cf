import { classifyFailedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { FailedResponse, ProviderFailure } from "../provider-codec.ts";

const delayPattern = /^(\d{1,6}(?:\.\d{1,9})?)s$/;

/** As everywhere, except that Google says in the body how long it asks to be left alone. */
export function classifyGeminiFailure(response: FailedResponse): ProviderFailure {
  const classified = classifyFailedResponse(response);
  return { ...classified, retryAfterMs: classified.retryAfterMs ?? readRetryDelayMs(response.body) };
}

function readRetryDelayMs(body: Uint8Array): number | null {
  const error = readJsonObject(body)?.["error"];
  const details: readonly unknown[] = isFields(error) && Array.isArray(error["details"]) ? error["details"] : [];
  for (const detail of details) {
    const delay = isFields(detail) ? detail["retryDelay"] : undefined;
    const [, seconds] = typeof delay === "string" ? (delayPattern.exec(delay) ?? []) : [];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1_000);
  }
  return null;
}
