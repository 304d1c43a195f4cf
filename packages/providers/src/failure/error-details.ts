import type { FailureClass } from "@switchyard/metering/usage-event";
import { isFields } from "../json/field-reader.ts";
import { miniMaxFailure, zhipuFailure } from "./vendor-codes.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an error body says, whichever of the shapes of wire formats 1.7 it has. */
export interface ErrorDetails {
  readonly message: string | null;
  readonly type: string | null;
  /** A text, or the number that some providers put there (then usually a status). */
  readonly code: string | number | null;
  readonly param: string | null;
  /** What the code means where it is one of a server's own numbers. */
  readonly meaning: FailureClass | null;
  /** What a router was told by the server behind it, where it passes that on. */
  readonly cause: ErrorDetails | null;
}

export const noErrorDetails: ErrorDetails = {
  message: null,
  type: null,
  code: null,
  param: null,
  meaning: null,
  cause: null,
};
/** Routers cut off what is longer. */
const longestCause = 65_536;

/**
 * Reads a parsed error body, an answer or event that holds an error, or that error alone; fields of another type count as
 * missing.
 */
export function readErrorDetails(body: unknown): ErrorDetails {
  const outer = Array.isArray(body) ? (body[0] as unknown) : body;
  if (typeof outer === "string") return { ...noErrorDetails, message: outer };
  if (!isFields(outer)) return noErrorDetails;
  const { error, errors, detail } = outer;
  if (isFields(error)) {
    const told = fromFields(error);
    return withMeaning({ ...told, code: told.code ?? statusOf(outer) });
  }
  if (typeof error === "string") return { ...fromFields(outer), message: error };
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  if (first !== undefined)
    return readErrorDetails(isFields(first) && !isFields(first["error"]) ? { error: first } : first);
  // What management layers before a model say: Apigee's fault, and MiniMax's figures beside every answer.
  const { fault, base_resp: base } = outer;
  if (isFields(fault)) return fromFields(fault);
  if (isFields(base)) return { ...fromFields(base), meaning: miniMaxFailure(base["status_code"]) };
  if (isFields(detail)) return fromFields(isFields(detail["error"]) ? detail["error"] : { ...outer, ...detail });
  if (detail !== undefined) return { ...fromFields(outer), message: readDetail(detail) };
  const told = fromFields(outer);
  return typeof outer["msg"] === "string" ? withMeaning(told) : told;
}

/** Numbers that only one vendor puts there; where others stand in the open, without an `error` around them, they are not its. */
function withMeaning(details: ErrorDetails): ErrorDetails {
  return { ...details, meaning: zhipuFailure(details.code) };
}

/** Where the sentence of an error stands. */
export const messageNames = [
  "message",
  "Message",
  "msg",
  "error_message",
  "errorMessage",
  "error_msg",
  "faultstring",
  "status_msg",
];
/** Where a status stands that is no code. */
const statusNames = ["status_code", "http_status_code", "http_code", "raw_status_code", "status", "statusCode"];
const statusPattern = /^[1-5]\d\d$/;

function fromFields(fields: Fields): ErrorDetails {
  const { metadata } = fields;
  return {
    message: messageNames.map((name) => textOrNull(fields[name])).find((message) => message !== null) ?? null,
    // A router's own word for what went wrong behind it says more than what it answers with.
    type:
      textOrNull(isFields(metadata) ? metadata["error_type"] : undefined) ??
      textOrNull(fields["type"]) ??
      textOrNull(fields["error_type"]) ??
      textOrNull(fields["reason"]) ??
      textOrNull(fields["status"]),
    code: codeOf(fields) ?? statusOf(fields),
    param: textOrNull(fields["param"]),
    meaning: null,
    cause: isFields(metadata) ? readCause(metadata["raw"]) : null,
  };
}

function codeOf(fields: Fields): string | number | null {
  const { details } = fields;
  const code = fields["code"] ?? fields["error_code"] ?? (isFields(details) ? details["error_code"] : undefined);
  return typeof code === "number" ? code : textOrNull(code);
}

function statusOf(fields: Fields): number | null {
  const told = statusNames
    .map((name) => fields[name])
    .find((status) => typeof status === "number" || (typeof status === "string" && statusPattern.test(status)));
  return told === undefined ? null : Number(told);
}

/** An error of any of these shapes, as JSON or as text of it; or a sentence. */
function readCause(raw: unknown): ErrorDetails | null {
  if (isFields(raw)) return readErrorDetails(raw);
  if (typeof raw !== "string" || raw === "" || raw.length > longestCause) return null;
  try {
    return readErrorDetails(JSON.parse(raw));
  } catch {
    return readErrorDetails(raw);
  }
}

/** FastAPI servers: a sentence, or a list of what is wrong with which field. */
function readDetail(detail: unknown): string | null {
  if (typeof detail === "string") return detail;
  const first = Array.isArray(detail) ? (detail[0] as unknown) : detail;
  return isFields(first) ? (textOrNull(first["msg"]) ?? textOrNull(first["message"])) : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
