import { isFields } from "../json/field-reader.ts";
import type { ProviderFailure } from "../provider-codec.ts";
import { classifyErrorObject } from "./classify-failure.ts";
import { messageNames } from "./error-details.ts";
import { type ErrorMeanings, usualMeanings } from "./error-meanings.ts";
import { layerError } from "./vendor-codes.ts";

const nameMembers = ["code", "type", "error_type", "error_code", "reason"];

/**
 * The failure that an object tells of which is no answer and has no `error` either, as some servers send them with status
 * 200 or inside a stream (wire formats 1.7); null for one that tells of none.
 */
export function classifyStrayError(object: unknown, meanings: ErrorMeanings = usualMeanings): ProviderFailure | null {
  if (!isFields(object)) return null;
  const isError =
    object["object"] === "error" ||
    object["detail"] !== undefined ||
    object["success"] === false ||
    hasNameAndMessage(object) ||
    (Array.isArray(object["errors"]) && object["errors"].length > 0) ||
    isFields(object["fault"]) ||
    layerError(object) !== undefined;
  return isError ? classifyErrorObject(object, meanings) : null;
}

function hasNameAndMessage(object: Readonly<Record<string, unknown>>): boolean {
  const hasMessage = messageNames.some((name) => typeof object[name] === "string");
  return hasMessage && nameMembers.map((name) => object[name]).some(isName);
}

function isName(name: unknown): boolean {
  return typeof name === "string" || (typeof name === "number" && name !== 0);
}
