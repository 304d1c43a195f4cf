/** OpenAI's chat request as Converse's. */
import { encodeMessages } from "../anthropic/encode-messages.ts";
import { isFields } from "../json/field-reader.ts";
import { withJsonAnswerTool } from "../emulation/json-object.ts";
import { beginTranslation } from "../parameters/translated-request.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { ConverseBlocks } from "./converse-blocks.ts";
import { sealedFormat } from "./decode-events.ts";
import { encodeToolConfig } from "./encode-tools.ts";
import { awsBedrockManifest } from "./manifest.ts";
import { bedrockParameters, claudeModels, leastThinkingTokens, thinkingBudgets, thinkingModels } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

export function encodeConverseRequest(request: RequestToEncode): RequestEncoding {
  const { changes } = request;
  const { parsed: asked, notes } = beginTranslation(request, bedrockParameters, awsBedrockManifest);
  // A tool can only be demanded of these.
  const parsed = claudeModels.test(changes.model) ? withJsonAnswerTool(asked, notes) : asked;
  const { system, messages, endsInToolTurn } = encodeMessages(
    parsed["messages"],
    { prefill: true },
    notes,
    sealedFormat,
  );
  const blocks = new ConverseBlocks(notes);
  const cap = outputCap(parsed, changes.outputTokensCap);
  const thinking = encodeThinking(parsed["reasoning_effort"], changes.model, cap, endsInToolTurn, notes);
  const own = { ...encodeTopK(parsed["top_k"], changes.model, notes), ...thinking };
  const body = {
    messages: messages.map((turn) => blocks.writeTurn(turn)),
    ...(system.length === 0 ? {} : { system: blocks.write(system) }),
    ...encodeInference(parsed, cap, "thinking" in thinking, notes),
    ...encodeToolConfig(parsed["tools"], parsed["tool_choice"], blocks.calledTools, notes),
    ...encodeFormat(parsed["response_format"], notes),
    ...(Object.keys(own).length === 0 ? {} : { additionalModelRequestFields: own }),
    ...(hasStop(parsed) && claudeModels.test(changes.model)
      ? { additionalModelResponseFieldPaths: ["/stop_sequence"] }
      : {}),
  };
  if (notes.rejection !== null) return notes.rejection;
  return { ok: true, body: encodeUtf8(JSON.stringify(body)), changed: Object.keys(body), warnings: notes.warnings };
}

function outputCap(parsed: Fields, allowed: number | null): number | null {
  const asked = [parsed["max_tokens"], parsed["max_completion_tokens"]].filter((value) => typeof value === "number");
  const cap = Math.min(...asked, allowed ?? Infinity);
  return cap === Infinity ? null : cap;
}

function stopSequences({ stop }: Fields): readonly string[] {
  return (Array.isArray(stop) ? stop : [stop]).filter((sequence) => typeof sequence === "string");
}

function hasStop(parsed: Fields): boolean {
  return stopSequences(parsed).length > 0;
}

function encodeInference(parsed: Fields, cap: number | null, isThinking: boolean, notes: TranslationNotes): object {
  const { temperature, top_p: topP } = parsed;
  // A model that thinks samples in its own way.
  for (const name of ["temperature", "top_p"]) {
    if (isThinking && typeof parsed[name] === "number") notes.warn(name, "dropped");
  }
  const config = {
    ...(cap === null ? {} : { maxTokens: cap }),
    ...(typeof temperature === "number" && !isThinking ? { temperature } : {}),
    ...(typeof topP === "number" && !isThinking ? { topP } : {}),
    ...(hasStop(parsed) ? { stopSequences: stopSequences(parsed) } : {}),
  };
  return Object.keys(config).length === 0 ? {} : { inferenceConfig: config };
}

/** The schema is a text within the JSON. */
function encodeFormat(format: unknown, notes: TranslationNotes): object {
  if (!isFields(format) || format["type"] === "text") return {};
  const { json_schema: definition } = format;
  if (format["type"] === "json_schema" && isFields(definition) && isFields(definition["schema"])) {
    const { name, description, schema } = definition;
    const jsonSchema = {
      schema: JSON.stringify(schema),
      ...(typeof name === "string" ? { name } : {}),
      ...(typeof description === "string" ? { description } : {}),
    };
    return { outputConfig: { textFormat: { type: "json_schema", structure: { jsonSchema } } } };
  }
  notes.reject("response_format", "This form of 'response_format'");
  return {};
}

function encodeTopK(topK: unknown, model: string, notes: TranslationNotes): object {
  if (typeof topK !== "number") return {};
  if (claudeModels.test(model)) return { top_k: topK };
  notes.warn("top_k", "dropped");
  return {};
}

/**
 * Thoughts are a part of the output, and must leave room for an answer. They are off where the latest tools were called
 * without any that could be given back.
 */
function encodeThinking(
  effort: unknown,
  model: string,
  cap: number | null,
  endsInToolTurn: boolean,
  notes: TranslationNotes,
): object {
  if (effort === undefined || effort === null || effort === "none") return {};
  const wanted =
    typeof effort === "string" && Object.hasOwn(thinkingBudgets, effort) ? thinkingBudgets[effort] : undefined;
  if (wanted === undefined) {
    notes.refuse(
      "reasoning_effort",
      `'reasoning_effort' must be one of none, ${Object.keys(thinkingBudgets).join(", ")}.`,
    );
    return {};
  }
  const budget = Math.min(wanted, Math.floor((cap ?? Infinity) / 2));
  if (!thinkingModels.test(model) || endsInToolTurn || cap === null || budget < leastThinkingTokens) {
    notes.warn("reasoning_effort", "dropped");
    return {};
  }
  return { thinking: { type: "enabled", budget_tokens: budget } };
}
