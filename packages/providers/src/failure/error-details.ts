/** What an error body says, whichever of the shapes of wire formats 1.7 it has. */
export interface ErrorDetails {
  readonly message: string | null;
  readonly type: string | null;
  /** A text, or the number that some providers put there (then usually a status). */
  readonly code: string | number | null;
  readonly param: string | null;
}

export const noErrorDetails: ErrorDetails = { message: null, type: null, code: null, param: null };

/** Reads a parsed error body or the `error` member of a 200 answer; fields of another type count as missing. */
export function readErrorDetails(body: unknown): ErrorDetails {
  const outer = Array.isArray(body) ? (body[0] as unknown) : body;
  if (typeof outer === "string") return { ...noErrorDetails, message: outer };
  if (!isFields(outer)) return noErrorDetails;
  const { error, detail } = outer;
  if (isFields(error)) return fromFields(error);
  if (typeof error === "string") return { ...fromFields(outer), message: error };
  if (detail !== undefined) return { ...fromFields(outer), message: readDetail(detail) };
  return fromFields(outer);
}

function fromFields(fields: Readonly<Record<string, unknown>>): ErrorDetails {
  const { details, metadata } = fields;
  const code = fields["code"] ?? fields["error_code"] ?? (isFields(details) ? details["error_code"] : undefined);
  return {
    message: textOrNull(fields["message"]) ?? textOrNull(fields["Message"]),
    // A router's own word for what went wrong behind it says more than what it answers with.
    type:
      textOrNull(isFields(metadata) ? metadata["error_type"] : undefined) ??
      textOrNull(fields["type"]) ??
      textOrNull(fields["error_type"]) ??
      textOrNull(fields["status"]),
    code: typeof code === "number" ? code : textOrNull(code),
    param: textOrNull(fields["param"]),
  };
}

/** FastAPI servers: a sentence, or a list of what is wrong with which field. */
function readDetail(detail: unknown): string | null {
  if (typeof detail === "string") return detail;
  const first = Array.isArray(detail) ? (detail[0] as unknown) : detail;
  return isFields(first) ? (textOrNull(first["msg"]) ?? textOrNull(first["message"])) : null;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
