/** The client's own bytes with the few members changed that have to differ; untouched where none has. */
import { isFields } from "../json/field-reader.ts";
import { scanTopLevel, type ScannedMember } from "../json/scan-top-level.ts";
import { spliceMembers } from "../json/splice-json.ts";
import { replaceField, type Form } from "../multipart/read-form.ts";
import { asksFor } from "../parameters/parameter-rules.ts";
import { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import type { OpenAiDialect } from "./dialect.ts";
import { withEmulation } from "./emulated-request.ts";
import { editMessages } from "./edit-messages.ts";
import { narrowRequest } from "./narrow-request.ts";
import { thinkingMembers } from "./thinking-switch.ts";

type Provider = Pick<ProviderManifest, "kind" | "displayName">;
/** JSON texts by member; null leaves a member out. */
type Changes = Map<string, Uint8Array | null>;

const capFields = ["max_tokens", "max_completion_tokens"] as const;

/** Applies the changes. The result is the client's own array when none of them makes a difference. */
export function encodeOpenAiRequest(
  asked: RequestToEncode,
  dialect: OpenAiDialect,
  provider: Provider,
): RequestEncoding {
  if (asked.form !== undefined) return encodeForm(asked, asked.form);
  const notes = new TranslationNotes(provider, asked.parameterMode, asked.spellings);
  const request = withEmulation(asked.isWidened ? narrowRequest(asked, dialect, notes) : asked, dialect, notes);
  const { body, members, parsed, changes } = request;
  const values: Changes = new Map();
  if (parsed["model"] !== changes.model) values.set("model", encodeUtf8(JSON.stringify(changes.model)));
  if (request.operation === "chat") {
    for (const parameter in dialect.parameters) {
      if (!asksFor(parsed, parameter)) continue;
      const rule = dialect.parameters[parameter];
      values.set(parameter, null);
      if (typeof rule === "object") values.set(rule.rename, memberBytes(request, parameter));
      else if (rule === "reject") notes.reject(parameter);
      else notes.warn(parameter, "dropped");
    }
    for (const [field, cap] of capsToSet(parsed, changes.outputTokensCap, dialect))
      values.set(field, cap === null ? null : encodeUtf8(String(cap)));
    for (const [member, json] of thinkingMembers(request, dialect.thinking, notes)) values.set(member, json);
    setStreamOptions(request, dialect, values);
    setSpellings(request, dialect, values);
    requireOfRouter(request, dialect, values);
    for (const member in dialect.defaults) {
      if (!members.members.has(member)) values.set(member, encodeUtf8(dialect.defaults[member] ?? "null"));
    }
  }
  if (notes.rejection !== null) return notes.rejection;
  const { warnings } = notes;
  return { ok: true, body: spliceMembers(body, members, values), changed: [...values.keys()], warnings };
}

function encodeForm({ body, parsed, changes }: RequestToEncode, form: Form): RequestEncoding {
  const changed = parsed["model"] === changes.model ? [] : ["model"];
  return { ok: true, body: replaceField(body, form, "model", changes.model), changed, warnings: [] };
}

function memberBytes({ body, members }: RequestToEncode, name: string): Uint8Array | null {
  const member = members.members.get(name);
  return member === undefined ? null : body.subarray(member.valueStart, member.valueEnd);
}

function setStreamOptions(
  { body, members, parsed, changes }: RequestToEncode,
  dialect: OpenAiDialect,
  values: Changes,
) {
  const member = members.members.get("stream_options");
  if (!dialect.streamOptions) {
    if (member !== undefined) values.set("stream_options", null);
  } else if (changes.includeUsage && parsed["stream"] === true) {
    const streamOptions = withFlag(body, member, parsed["stream_options"], "include_usage");
    if (streamOptions !== null) values.set("stream_options", streamOptions);
  }
}

function setSpellings(request: RequestToEncode, dialect: OpenAiDialect, values: Changes): void {
  const { parsed } = request;
  const { stop, logprobs, top_logprobs: top } = parsed;
  if (dialect.logprobsAsCount && typeof logprobs === "boolean") {
    const count = typeof top === "number" && top > 1 ? top : 1;
    values.set("logprobs", logprobs ? encodeUtf8(String(count)) : null);
    values.set("top_logprobs", null);
  }
  if (!dialect.stopAsString && typeof stop === "string") values.set("stop", encodeUtf8(JSON.stringify([stop])));
  const messages = memberBytes(request, "messages");
  const edited = messages === null ? null : editMessages(messages, parsed["messages"], dialect);
  if (edited !== null) values.set("messages", edited);
}

/** Every cap that the client sent is lowered to the allowed one; where none is left that the server heeds, one is added. */
function capsToSet(
  parsed: RequestToEncode["parsed"],
  allowed: number | null,
  dialect: OpenAiDialect,
): ReadonlyMap<string, number | null> {
  const { outputCapField, otherCapField } = dialect;
  const caps = new Map<string, number | null>();
  const asked = capFields.map((field) => parsed[field]).filter((value) => typeof value === "number");
  const otherField = outputCapField === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  const isRenamed = otherCapField === "renamed" && typeof parsed[otherField] === "number";
  if (allowed === null && !isRenamed) return caps;
  const cap = Math.min(allowed ?? Infinity, ...asked);
  for (const field of capFields) {
    const value = parsed[field];
    if (typeof value === "number" && value > cap) caps.set(field, cap);
  }
  const isHeeded = (field: string): boolean => field === outputCapField || otherCapField === "heeded";
  const hasCap = capFields.some((field) => typeof parsed[field] === "number" && isHeeded(field));
  if (!hasCap) caps.set(outputCapField, cap);
  if (isRenamed) caps.set(otherField, null);
  return caps;
}

function requireOfRouter({ body, members, parsed }: RequestToEncode, dialect: OpenAiDialect, values: Changes): void {
  if (!dialect.requiredOfRouter.some((parameter) => asksFor(parsed, parameter))) return;
  const { provider } = parsed;
  // What the client says of it is its own affair.
  if (isFields(provider) && typeof provider["require_parameters"] === "boolean") return;
  const required = withFlag(body, members.members.get("provider"), provider, "require_parameters");
  if (required !== null) values.set("provider", required);
}

/** The JSON of a member with a flag set in it, and what else the client says there kept; null if it is set already. */
function withFlag(
  body: Uint8Array,
  member: ScannedMember | undefined,
  parsed: unknown,
  name: string,
): Uint8Array | null {
  if (member === undefined || !isFields(parsed)) return encodeUtf8(`{"${name}":true}`);
  if (parsed[name] === true) return null;
  const value = body.subarray(member.valueStart, member.valueEnd);
  const scan = scanTopLevel(value);
  // A key that occurs twice inside: what JSON.parse made of it is what the client was taken to mean.
  if (!scan.ok) return encodeUtf8(JSON.stringify({ ...(JSON.parse(decodeUtf8(value)) as object), [name]: true }));
  return spliceMembers(value, scan.object, new Map([[name, encodeUtf8("true")]]));
}
