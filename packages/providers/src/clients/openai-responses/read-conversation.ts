/** A Responses request in the gateway's own form. */
import { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { Conversation, ConversationReading } from "../../conversation/conversation.ts";
import { isFields } from "../../json/field-reader.ts";
import type { Spellings } from "../../parameters/translation-notes.ts";
import { readInput } from "./read-input.ts";
import { readToolChoice, readTools } from "./read-tools.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What only a provider does that keeps the conversation, or runs tools, by itself. */
const unshared: ReadonlySet<string> = new Set([
  "previous_response_id",
  "conversation",
  "prompt",
  "max_tool_calls",
  "image",
]);
/** What has the same name and meaning in both forms. */
const shared = [
  "temperature",
  "top_p",
  "parallel_tool_calls",
  "user",
  "metadata",
  "service_tier",
  "prompt_cache_key",
  "safety_identifier",
] as const;
const read: ReadonlySet<string> = new Set([
  ...shared,
  "model",
  "input",
  "instructions",
  "max_output_tokens",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "text",
  "reasoning",
  "top_logprobs",
]);
const withLogprobs = "message.output_text.logprobs";
const sharedIncludes: ReadonlySet<unknown> = new Set(["reasoning.encrypted_content", withLogprobs]);
/** Values that ask for what happens anyway, or are read elsewhere. */
const neutral: { readonly [parameter: string]: (value: unknown) => boolean } = {
  background: (value) => value === false,
  store: (value) => value === false,
  truncation: (value) => value === "disabled",
  include: (value) => Array.isArray(value) && value.every((item) => sharedIncludes.has(item)),
  metadata: (value) => isFields(value) && Object.keys(value).length === 0,
};
/** What clients call that which the gateway's own form has under other names. */
const spellings: Spellings = {
  messages: "input",
  max_tokens: "max_output_tokens",
  max_completion_tokens: "max_output_tokens",
  response_format: "text.format",
  reasoning_effort: "reasoning.effort",
  verbosity: "text.verbosity",
};
/** Client code reads what these ask for. */
const contracts: ReadonlySet<string> = new Set(["include"]);

export function readResponsesConversation(parsed: Fields): ConversationReading {
  const notes = new ConversationNotes();
  for (const parameter in parsed) {
    const value = parsed[parameter];
    if (value === null || read.has(parameter) || neutral[parameter]?.(value) === true) continue;
    if (unshared.has(parameter) || contracts.has(parameter)) notes.reject(parameter);
    else notes.drop(parameter);
  }
  const { model, instructions, input, max_output_tokens: cap, stream, text, reasoning } = parsed;
  const tools = readTools(parsed["tools"], notes);
  const format = readFormat(text, notes);
  const verbosity = isFields(text) ? text["verbosity"] : undefined;
  const effort = isFields(reasoning) ? reasoning["effort"] : undefined;
  const same = shared.filter((name) => (parsed[name] ?? null) !== null && neutral[name]?.(parsed[name]) !== true);
  const conversation: Conversation = {
    model: String(model),
    messages: [
      ...(typeof instructions === "string" && instructions !== ""
        ? [{ role: "developer" as const, content: instructions }]
        : []),
      ...readInput(input, notes),
    ],
    ...(typeof cap === "number" ? { max_completion_tokens: cap } : {}),
    ...(stream === true ? { stream } : {}),
    ...(tools.length === 0 ? {} : { tools, ...readToolChoice(parsed["tool_choice"], notes) }),
    ...(format === null ? {} : { response_format: format }),
    ...(typeof effort === "string" ? { reasoning_effort: effort } : {}),
    ...(typeof verbosity === "string" ? { verbosity } : {}),
    ...readLogprobs(parsed),
    ...Object.fromEntries(same.map((name) => [name, parsed[name]])),
  };
  return notes.reading(conversation, { ...spellings, logprobs: logprobsField(parsed) });
}

/** Either of the two asks for the tokens of the answer; how many others beside each, one of them. */
function readLogprobs(parsed: Fields): Pick<Conversation, "logprobs" | "top_logprobs"> {
  const { top_logprobs: top } = parsed;
  const isCount = typeof top === "number" && top > 0;
  if (!isCount && logprobsField(parsed) !== "include") return {};
  return { logprobs: true, ...(isCount ? { top_logprobs: top } : {}) };
}

function logprobsField({ include }: Fields): "include" | "top_logprobs" {
  return Array.isArray(include) && include.includes(withLogprobs) ? "include" : "top_logprobs";
}

function readFormat(text: unknown, notes: ConversationNotes): object | null {
  const format = isFields(text) ? text["format"] : undefined;
  if (!isFields(format) || format["type"] === "text") return null;
  if (format["type"] === "json_object") return { type: "json_object" };
  if (format["type"] === "json_schema") {
    const { type: _type, ...definition } = format;
    return { type: "json_schema", json_schema: definition };
  }
  notes.reject("text.format", "This form of 'text.format'");
  return null;
}
