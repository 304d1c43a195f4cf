import type { Form } from "@switchyard/providers/multipart/read-form";
import { scanTopLevel, type ScannedObject, type ScanProblem } from "@switchyard/providers/json/scan-top-level";
import type { ErrorCode } from "../errors/error-registry.ts";
import { GatewayError } from "../errors/gateway-error.ts";

/** A request body as bytes, as positions in those bytes, and as values. */
export interface JsonBody {
  readonly bytes: Buffer;
  readonly members: ScannedObject;
  readonly parsed: Readonly<Record<string, unknown>>;
}

/** The same, or a form: then `parsed` holds its text fields and `members` nothing. */
export interface RequestBody extends JsonBody {
  readonly form?: Form;
}

const codeOf: Readonly<Record<ScanProblem, ErrorCode>> = {
  not_json: "invalid_json",
  not_an_object: "invalid_request",
  too_deep: "json_too_deep",
  too_many_keys: "json_too_deep",
  duplicate_key: "invalid_json",
  invalid_utf8: "invalid_json",
  byte_order_mark: "invalid_json",
};

/**
 * Parses a body that must be one JSON object. Structure is scanned first, so that depth and keys are bounded before
 * JSON.parse builds anything. Throws GatewayError: invalid_json, json_too_deep, invalid_request.
 */
export function parseJsonObject(bytes: Buffer): JsonBody {
  const scan = scanTopLevel(bytes);
  if (!scan.ok) throw new GatewayError(codeOf[scan.problem], `The request body cannot be read: ${scan.message}.`);
  try {
    return { bytes, members: scan.object, parsed: JSON.parse(bytes.toString("utf8")) };
  } catch {
    throw new GatewayError("invalid_json", "The request body is not valid JSON.");
  }
}
