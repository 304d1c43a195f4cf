/** OpenAI's chat request as Anthropic's Messages request. */
import { isFields } from "../json/field-reader.ts";
import { withJsonAnswerTool } from "../emulation/json-object.ts";
import { beginTranslation } from "../parameters/translated-request.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeSampling } from "./encode-sampling.ts";
import { encodeThinking } from "./encode-thinking.ts";
import { encodeToolChoice, encodeTools, isToolForced } from "./encode-tools.ts";
import { anthropicManifest } from "./manifest.ts";
import { type ModelRule, modelRule } from "./model-rules.ts";
import { anthropicParameters } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

export function encodeAnthropicRequest(request: RequestToEncode): RequestEncoding {
  const { changes } = request;
  const { parsed: asked, notes } = beginTranslation(request, anthropicParameters, anthropicManifest);
  const rule = modelRule(changes.model);
  const parsed = withJsonAnswerTool(asked, notes, !rule.refusesForcedTools);
  const maxTokens = outputCap(parsed, changes, rule, notes);
  const { system, messages, endsInToolTurn } = encodeMessages(parsed["messages"], rule, notes);
  const toolChoice = encodeToolChoice(parsed, rule, notes);
  const isBarred = isToolForced(parsed["tool_choice"]) || endsInToolTurn;
  const thinking = encodeThinking(parsed, rule, { maxTokens, isBarred }, notes);
  const outputConfig = { ...thinking.outputConfig, ...encodeFormat(parsed["response_format"], notes) };
  const tools = encodeTools(parsed["tools"], notes);
  const stop = encodeStop(parsed["stop"], notes);
  const { user } = parsed;
  const body = {
    model: changes.model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === null || tools.length === 0 ? {} : { tool_choice: toolChoice }),
    ...(stop.length === 0 ? {} : { stop_sequences: stop }),
    ...encodeSampling(parsed, rule, thinking.isOn, notes),
    ...(thinking.thinking === null ? {} : { thinking: thinking.thinking }),
    ...(Object.keys(outputConfig).length === 0 ? {} : { output_config: outputConfig }),
    ...(typeof user === "string" && user !== "" ? { metadata: { user_id: user } } : {}),
    ...(parsed["stream"] === true ? { stream: true } : {}),
  };
  if (notes.rejection !== null) return notes.rejection;
  return { ok: true, body: encodeUtf8(JSON.stringify(body)), changed: Object.keys(body), warnings: notes.warnings };
}

/** A cap must be sent: the client's, the money's or the model's own, whichever is lowest. */
function outputCap(
  parsed: Fields,
  { outputTokensCap, modelOutputTokens }: RequestToEncode["changes"],
  rule: ModelRule,
  notes: TranslationNotes,
): number {
  const asked = [parsed["max_tokens"], parsed["max_completion_tokens"]].filter((value) => typeof value === "number");
  // Where the client asks for more than the family is known to write, the provider may judge.
  const modelsOwn = modelOutputTokens ?? (asked.length === 0 ? rule.outputTokens : Infinity);
  const cap = Math.min(...asked, outputTokensCap ?? Infinity, modelsOwn);
  if (asked.length === 0 && outputTokensCap === null) notes.warn("max_tokens", `set to ${cap}`);
  return cap;
}

function encodeStop(stop: unknown, notes: TranslationNotes): readonly string[] {
  const given: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  const sequences = given.filter((sequence) => typeof sequence === "string");
  if (!sequences.some((sequence) => sequence.trim() === "")) return sequences;
  notes.reject("stop", "'stop' with a sequence of white space alone");
  return sequences.filter((sequence) => sequence.trim() !== "");
}

function encodeFormat(format: unknown, notes: TranslationNotes): object {
  if (!isFields(format) || format["type"] === "text") return {};
  const { json_schema: definition } = format;
  if (format["type"] !== "json_schema" || !isFields(definition) || !isFields(definition["schema"])) {
    notes.reject("response_format", "'response_format' without a JSON schema");
    return {};
  }
  return { format: { type: "json_schema", schema: definition["schema"] } };
}
