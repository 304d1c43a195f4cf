import { isFields } from "../json/field-reader.ts";
import type { ResponseHeaders } from "../provider-codec.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface QuotaDetails {
  /** How long the provider asks to be left alone; null where it says nothing of it. */
  readonly retryDelayMs: number | null;
  /** A quota of the day is used up, which is no matter of seconds, whatever delay is named. */
  readonly isUsedUpForTheDay: boolean;
  /** Headers that tell of the limit, in lower case: a router repeats those of the limit that it keeps itself. */
  readonly headers: ResponseHeaders;
}

const delayPattern = /^(\d{1,6}(?:\.\d{1,9})?)s$/;

/**
 * What is said of quotas in the body of an error. Google does, since its answers have no header for it (wire formats 1.7),
 * on the surface that speaks OpenAI's protocol too; some of its surfaces put the error into a list. OpenRouter repeats there
 * the headers of a limit.
 */
export function readQuotaDetails(body: unknown): QuotaDetails {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const error = isFields(outer) ? outer["error"] : undefined;
  const told: readonly unknown[] = isFields(error) && Array.isArray(error["details"]) ? error["details"] : [];
  const details = told.filter(isFields);
  const metadata = isFields(error) ? error["metadata"] : undefined;
  const headers = isFields(metadata) && isFields(metadata["headers"]) ? inLowerCase(metadata["headers"]) : {};
  return { retryDelayMs: readRetryDelayMs(details), isUsedUpForTheDay: details.some(isDailyQuota), headers };
}

function inLowerCase(headers: Fields): ResponseHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function isDailyQuota({ violations }: Fields): boolean {
  const all: readonly unknown[] = Array.isArray(violations) ? violations : [];
  return all.some((violation) => isFields(violation) && /PerDay/.test(String(violation["quotaId"])));
}

function readRetryDelayMs(details: readonly Fields[]): number | null {
  for (const { retryDelay: delay } of details) {
    const [, seconds] = typeof delay === "string" ? (delayPattern.exec(delay) ?? []) : [];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1_000);
  }
  return null;
}
