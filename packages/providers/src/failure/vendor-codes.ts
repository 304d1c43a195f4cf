/** What the numbers mean that single vendors put into the bodies of errors, mostly with HTTP status 200, 400 or 429. */
import type { FailureClass } from "@switchyard/metering/usage-event";
import { isFields } from "../json/field-reader.ts";

type Codes = ReadonlyMap<unknown, FailureClass>;

/** MiniMax, by `base_resp.status_code`: https://platform.minimax.io/docs/api-reference/errorcode. */
const miniMaxCodes: Codes = new Map([
  [1001, "timeout"],
  [1002, "rate_limited"],
  [1004, "credential_rejected"],
  [1008, "credit_exhausted"],
  [1026, "content_filtered"],
  [1027, "content_filtered"],
  // Tokens in a minute, not those of the request: it says to try again later.
  [1039, "rate_limited"],
  [1041, "rate_limited"],
  [1042, "invalid_request"],
  [2013, "invalid_request"],
  [2045, "rate_limited"],
  [2049, "credential_rejected"],
  // A plan's share of some hours.
  [2056, "credit_exhausted"],
]);

/** Zhipu and Z.ai, by `error.code`, a number in quotes or without: https://docs.z.ai/api-reference/api-code. */
const zhipuCodes: Codes = new Map([
  ["1001", "credential_rejected"],
  ["1002", "credential_rejected"],
  ["1003", "credential_rejected"],
  ["1004", "credential_rejected"],
  ["1110", "credential_rejected"],
  ["1111", "credential_rejected"],
  ["1112", "credential_rejected"],
  ["1113", "credit_exhausted"],
  ["1121", "credential_rejected"],
  ["1210", "invalid_request"],
  ["1211", "model_not_found"],
  ["1212", "invalid_request"],
  ["1213", "invalid_request"],
  ["1214", "invalid_request"],
  ["1215", "invalid_request"],
  ["1220", "credential_rejected"],
  ["1221", "model_not_found"],
  ["1222", "model_not_found"],
  ["1261", "context_length_exceeded"],
  ["1300", "content_filtered"],
  ["1301", "content_filtered"],
  ["1302", "rate_limited"],
  ["1303", "rate_limited"],
  // A quota of the day, a plan's share of some hours, and a plan that is over.
  ["1304", "credit_exhausted"],
  ["1305", "rate_limited"],
  ["1308", "credit_exhausted"],
  ["1309", "credit_exhausted"],
  ["1310", "credit_exhausted"],
]);

/** Null for codes that say no more than that something went wrong. */
export function miniMaxFailure(statusCode: unknown): FailureClass | null {
  return miniMaxCodes.get(statusCode) ?? null;
}

/** Null for codes that are not of this vendor. */
export function zhipuFailure(code: unknown): FailureClass | null {
  return typeof code === "string" || typeof code === "number" ? (zhipuCodes.get(String(code)) ?? null) : null;
}

/**
 * The part of an answer by which MiniMax says that it failed, in figures that stand beside every answer, whatever else that
 * holds. Undefined for one that went well.
 */
export function layerError({ base_resp: layer }: Readonly<Record<string, unknown>>): object | undefined {
  const code = isFields(layer) ? layer["status_code"] : undefined;
  return typeof code === "number" && code !== 0 ? { base_resp: layer } : undefined;
}
