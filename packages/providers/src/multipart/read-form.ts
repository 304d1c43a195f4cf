/** Reads a `multipart/form-data` body (RFC 7578) as positions in its bytes, so that all but one field can pass unchanged. */
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { indexOfBytes } from "./index-of-bytes.ts";

export interface FormPart {
  readonly name: string;
  /** Null for a plain field. */
  readonly fileName: string | null;
  /** Positions of the value. */
  readonly start: number;
  readonly end: number;
}

export interface Form {
  /** As the client sent it: the parameter that separates the parts is its own. */
  readonly contentType: string;
  readonly parts: readonly FormPart[];
}

export type FormReading =
  | {
      readonly ok: true;
      readonly form: Form;
      readonly fields: Readonly<Record<string, string>>;
      readonly file: FormPart | null;
    }
  | { readonly ok: false; readonly message: string };

const mostParts = 64;
const mostFieldBytes = 64 * 1024;
const mostHeaderBytes = 8 * 1024;
const boundaryOf = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;.*)?$/i;
const dispositionOf = /^content-disposition:\s*form-data\s*;(.*)$/im;
const nameOf = /(?:^|;)\s*name="([^"]{1,200})"/i;
const fileNameOf = /(?:^|;)\s*filename\*?=/i;
const lineBreak = Uint8Array.of(13, 10);
const endOfHeaders = Uint8Array.of(13, 10, 13, 10);

/** Every value once at most; a field named twice, as lists are sent, keeps its last value in `fields`. */
export function readForm(body: Uint8Array, contentType: string): FormReading {
  const match = boundaryOf.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return problem("the content type names no boundary");
  const separator = encodeUtf8(`--${boundary}`);
  const parts: FormPart[] = [];
  const fields: Record<string, string> = {};
  let file: FormPart | null = null;
  let at = indexOfBytes(body, separator, 0);
  if (at === -1) return problem("its boundary does not occur in it");
  for (;;) {
    at += separator.length;
    if (body[at] === 0x2d && body[at + 1] === 0x2d) break;
    if (body[at] !== 13 || body[at + 1] !== 10) return problem("a boundary is not followed by a line break");
    if (parts.length === mostParts) return problem(`it has more than ${mostParts} parts`);
    const headersAt = at + lineBreak.length;
    const headersEnd = indexOfBytes(body, endOfHeaders, at);
    if (headersEnd === -1 || headersEnd - at > mostHeaderBytes) return problem("the headers of a part do not end");
    const start = headersEnd + endOfHeaders.length;
    const next = indexOfBytes(body, separator, start);
    if (next === -1) return problem("its last boundary is missing");
    const end = next - lineBreak.length;
    if (end < start || body[end] !== 13 || body[end + 1] !== 10)
      return problem("a part does not end with a line break");
    const part = readPart(decodeUtf8(body, headersAt, Math.max(headersAt, headersEnd)), start, end);
    if (part === null) return problem("a part has no name");
    parts.push(part);
    if (part.fileName !== null) {
      if (part.name === "file") file ??= part;
    } else if (end - start > mostFieldBytes) return problem(`the field '${part.name}' is too long`);
    else if (Object.hasOwn(fields, part.name) && part.name === "model") return problem("it names 'model' twice");
    else fields[part.name] = decodeUtf8(body, start, end);
    at = next;
  }
  return { ok: true, form: { contentType, parts }, fields, file };
}

function readPart(headers: string, start: number, end: number): FormPart | null {
  const disposition = dispositionOf.exec(headers)?.[1];
  const name = disposition === undefined ? undefined : nameOf.exec(disposition)?.[1];
  if (disposition === undefined || name === undefined || name === "__proto__") return null;
  return { name, fileName: fileNameOf.test(disposition) ? name : null, start, end };
}

function problem(message: string): FormReading {
  return { ok: false, message };
}

/** The body with the value of one plain field replaced; the same array where it is that already. */
export function replaceField(body: Uint8Array, { parts }: Form, name: string, value: string): Uint8Array {
  const part = parts.find((candidate) => candidate.name === name && candidate.fileName === null);
  if (part === undefined || decodeUtf8(body, part.start, part.end) === value) return body;
  const bytes = encodeUtf8(value);
  const replaced = new Uint8Array(body.length - (part.end - part.start) + bytes.length);
  replaced.set(body.subarray(0, part.start));
  replaced.set(bytes, part.start);
  replaced.set(body.subarray(part.end), part.start + bytes.length);
  return replaced;
}
