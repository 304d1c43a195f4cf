/** The client's own bytes with the few members changed that have to differ; untouched where none has. */
import type { EncodedRequest, RequestToEncode } from "../provider-codec.ts";
import { scanTopLevel, type ScannedMember } from "../json/scan-top-level.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

/** What differs between servers that speak OpenAI's protocol. Model facts belong in the catalogue, not here. */
export interface OpenAiDialect {
  /** The output cap to add where the client sent none: what every model of this kind understands. */
  readonly outputCapField: "max_tokens" | "max_completion_tokens";
  /** True for servers that may silently ignore the other spelling: a cap that must hold is then always sent in this one. */
  readonly ignoresOtherCapField: boolean;
}

const capFields = ["max_tokens", "max_completion_tokens"] as const;

/** Applies the changes. The result is the client's own array when none of them makes a difference. */
export function encodeOpenAiRequest(request: RequestToEncode, dialect: OpenAiDialect): EncodedRequest {
  const { body, members, parsed, changes } = request;
  const values = new Map<string, Uint8Array>();
  if (parsed["model"] !== changes.model) values.set("model", encodeUtf8(JSON.stringify(changes.model)));
  if (request.operation === "chat") {
    for (const [field, cap] of capsToSet(parsed, changes.outputTokensCap, dialect))
      values.set(field, encodeUtf8(String(cap)));
    if (changes.includeUsage && parsed["stream"] === true) {
      const streamOptions = withUsage(body, members.members.get("stream_options"), parsed["stream_options"]);
      if (streamOptions !== null) values.set("stream_options", streamOptions);
    }
  }
  return { body: spliceMembers(body, members, values), changed: [...values.keys()] };
}

/** Every cap that the client sent is lowered to the allowed one; where none is left that the server heeds, one is added. */
function capsToSet(
  parsed: RequestToEncode["parsed"],
  allowed: number | null,
  dialect: OpenAiDialect,
): ReadonlyMap<string, number> {
  const caps = new Map<string, number>();
  if (allowed === null) return caps;
  const asked = capFields.map((field) => parsed[field]).filter((value) => typeof value === "number");
  const cap = Math.min(allowed, ...asked);
  const isHeeded = (field: string): boolean => field === dialect.outputCapField || !dialect.ignoresOtherCapField;
  for (const field of capFields) {
    const value = parsed[field];
    if (typeof value === "number" && value > cap) caps.set(field, cap);
  }
  const hasCap = capFields.some((field) => typeof parsed[field] === "number" && isHeeded(field));
  if (!hasCap) caps.set(dialect.outputCapField, cap);
  return caps;
}

/** The JSON of `stream_options` that asks for usage and keeps what else the client asked for; null if it asks already. */
function withUsage(body: Uint8Array, member: ScannedMember | undefined, parsed: unknown): Uint8Array | null {
  const asked = encodeUtf8('{"include_usage":true}');
  if (member === undefined || typeof parsed !== "object" || parsed === null) return asked;
  if ((parsed as { include_usage?: unknown }).include_usage === true) return null;
  const value = body.subarray(member.valueStart, member.valueEnd);
  const scan = scanTopLevel(value);
  // A key that occurs twice inside: what JSON.parse made of it is what the client was taken to mean.
  if (!scan.ok)
    return encodeUtf8(JSON.stringify({ ...(JSON.parse(decodeUtf8(value)) as object), include_usage: true }));
  return spliceMembers(value, scan.object, new Map([["include_usage", encodeUtf8("true")]]));
}
