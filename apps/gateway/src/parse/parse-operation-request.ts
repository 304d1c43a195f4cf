import type { ClientOperation, OperationFacts } from "@switchyard/providers/operations/client-operation";
import { readForm } from "@switchyard/providers/multipart/read-form";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { parseJsonObject, type RequestBody } from "./parse-json-object.ts";

export interface ParsedOperation {
  readonly body: RequestBody;
  readonly facts: OperationFacts;
}

/** Reads what the gateway acts on in a request for anything but an answer. Throws GatewayError. */
export function parseOperationRequest(call: Call, operation: ClientOperation, bytes: Buffer): ParsedOperation {
  call.requestBytes = bytes.length;
  const { body, file } =
    operation.form === "json" ? { body: parseJsonObject(bytes), file: null } : parseForm(call, bytes);
  const reading = operation.readRequest({ parsed: body.parsed, bodyBytes: bytes.length, file });
  if (!reading.ok) throw new GatewayError("invalid_request", reading.message, { param: reading.param });
  call.requestedModel = reading.facts.model;
  return { body, facts: reading.facts };
}

function parseForm(call: Call, bytes: Buffer): { readonly body: RequestBody; readonly file: Uint8Array | null } {
  const reading = readForm(bytes, call.request.headers["content-type"] ?? "");
  if (!reading.ok) throw new GatewayError("invalid_request", `The form cannot be read: ${reading.message}.`);
  const { form, fields, file } = reading;
  return {
    body: { bytes, members: { start: 0, end: 0, members: new Map() }, parsed: fields, form },
    file: file === null ? null : bytes.subarray(file.start, file.end),
  };
}
