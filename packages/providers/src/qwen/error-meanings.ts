import type { ErrorMeanings } from "../failure/error-meanings.ts";

/**
 * As Model Studio's list of error codes has it: OpenAI's word for an empty account is here a limit of tokens in a minute
 * (`Throttling.AllocationQuota` in the server's own words), which passes by itself.
 */
export const qwenErrorMeanings: ErrorMeanings = { insufficient_quota: "rate_limited" };
