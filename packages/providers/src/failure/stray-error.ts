import { isFields } from "../json/field-reader.ts";
import type { ProviderFailure } from "../provider-codec.ts";
import { classifyErrorObject } from "./classify-failure.ts";

/**
 * The failure that an object tells of which is no answer and has no `error` either, as some servers send them with status
 * 200 or inside a stream (wire formats 1.7); null for one that tells of none.
 */
export function classifyStrayError(object: unknown): ProviderFailure | null {
  if (!isFields(object)) return null;
  const { message, code, type, error_type: errorType, detail } = object;
  const names = [code, type, errorType].some((name) => typeof name === "string" || typeof name === "number");
  const layer = object["base_resp"];
  const isError =
    object["object"] === "error" ||
    detail !== undefined ||
    (typeof message === "string" && names) ||
    (Array.isArray(object["errors"]) && object["errors"].length > 0) ||
    isFields(object["fault"]) ||
    (isFields(layer) && layer["status_code"] !== 0);
  return isError ? classifyErrorObject(object) : null;
}
