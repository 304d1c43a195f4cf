import type { RequestChanges, RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { readRequest } from "./read-request.ts";

type Json = Record<string, unknown>;

const hello = [{ role: "user", content: "Hi" }];

/** An encoder as tests ask it: by what is different about a request that says hello. */
export function encodeFields(encode: (request: RequestToEncode) => RequestEncoding, usual: Partial<RequestChanges>) {
  const encodeOf = (fields: Json, changes: Partial<RequestChanges> = {}): RequestEncoding =>
    encode(readRequest(JSON.stringify({ model: "route", messages: hello, ...fields }), { ...usual, ...changes }));
  /** The body that is sent, parsed. Throws for a request that is refused. */
  const accepted = (fields: Json, changes?: Partial<RequestChanges>): { body: Json; warnings: readonly string[] } => {
    const encoding = encodeOf(fields, changes);
    if (!encoding.ok) throw new Error(encoding.message);
    return { body: JSON.parse(decodeUtf8(encoding.body)) as Json, warnings: encoding.warnings };
  };
  return { encode: encodeOf, accepted };
}
