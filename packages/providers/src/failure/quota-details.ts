import { isFields } from "../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface QuotaDetails {
  /** How long the provider asks to be left alone; null where it says nothing of it. */
  readonly retryDelayMs: number | null;
  /** A quota of the day is used up, which is no matter of seconds, whatever delay is named. */
  readonly isUsedUpForTheDay: boolean;
}

const delayPattern = /^(\d{1,6}(?:\.\d{1,9})?)s$/;

/**
 * What Google says of quotas in the body of an error, since its answers have no header for it (wire formats 1.7). All of
 * its surfaces do, the one that speaks OpenAI's protocol too, and some of them put the error into a list.
 */
export function readQuotaDetails(body: unknown): QuotaDetails {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const error = isFields(outer) ? outer["error"] : undefined;
  const told: readonly unknown[] = isFields(error) && Array.isArray(error["details"]) ? error["details"] : [];
  const details = told.filter(isFields);
  return { retryDelayMs: readRetryDelayMs(details), isUsedUpForTheDay: details.some(isDailyQuota) };
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
