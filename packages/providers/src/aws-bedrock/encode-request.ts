/** OpenAI's chat request as Converse's. */
import { encodeMessages } from "../anthropic/encode-messages.ts";
import { encodeSampling, type Sampling } from "../anthropic/encode-sampling.ts";
import { allowedChoice, isToolForced } from "../anthropic/encode-tools.ts";
import { type ModelRule, modelRule } from "../anthropic/model-rules.ts";
import { isFields } from "../json/field-reader.ts";
import { withJsonAnswerTool } from "../emulation/json-object.ts";
import { beginTranslation } from "../parameters/translated-request.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { ConverseBlocks } from "./converse-blocks.ts";
import { sealedFormat } from "./decode-events.ts";
import { encodeClaudeThinking, encodeEffort } from "./encode-reasoning.ts";
import { encodeToolConfig } from "./encode-tools.ts";
import { awsBedrockManifest } from "./manifest.ts";
import { bedrockParameters, claudeModels } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where Claude's own answer tells which stop sequence it met: its message, or the event that ends its stream. */
const wholeStop = "/stop_sequence";
const streamedStop = "/delta/stop_sequence";

export function encodeConverseRequest(request: RequestToEncode): RequestEncoding {
  const { changes } = request;
  const { parsed: asked, notes } = beginTranslation(request, bedrockParameters, awsBedrockManifest);
  const rule = claudeModels.test(changes.model) ? modelRule(changes.model) : null;
  // A tool can only be demanded of these.
  const parsed = rule === null ? asked : withJsonAnswerTool(asked, notes, !rule.refusesForcedTools);
  const { system, messages, endsInToolTurn } = encodeMessages(
    parsed["messages"],
    rule ?? { prefill: true },
    notes,
    sealedFormat,
  );
  const blocks = new ConverseBlocks(notes);
  const cap = outputCap(parsed, changes.outputTokensCap);
  const choice = rule === null ? parsed["tool_choice"] : allowedChoice(parsed["tool_choice"], rule, notes);
  const circumstances = { maxTokens: cap ?? Infinity, isBarred: isToolForced(choice) || endsInToolTurn };
  const { fields: reasoning, isThinking } =
    rule === null
      ? encodeEffort(parsed, changes.model, notes)
      : encodeClaudeThinking(parsed, rule, circumstances, notes);
  const { top_k: topK, ...sampling } = encodeHints(parsed, rule, isThinking, notes);
  const own = { ...(topK === undefined ? {} : { top_k: topK }), ...reasoning };
  const body = {
    messages: messages.map((turn) => blocks.writeTurn(turn)),
    ...(system.length === 0 ? {} : { system: blocks.write(system) }),
    ...encodeInference(parsed, cap, sampling),
    ...encodeToolConfig(parsed["tools"], choice, blocks.calledTools, notes),
    ...encodeFormat(parsed["response_format"], notes),
    ...(Object.keys(own).length === 0 ? {} : { additionalModelRequestFields: own }),
    ...(hasStop(parsed) && rule !== null
      ? { additionalModelResponseFieldPaths: [parsed["stream"] === true ? streamedStop : wholeStop] }
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

function encodeInference(parsed: Fields, cap: number | null, { temperature, top_p: topP }: Sampling): object {
  const config = {
    ...(cap === null ? {} : { maxTokens: cap }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
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

/** Of Claude its own rules hold; of other makers nothing is known but that `top_k` is no field of Converse. */
function encodeHints(parsed: Fields, rule: ModelRule | null, isThinking: boolean, notes: TranslationNotes): Sampling {
  if (rule !== null) return encodeSampling(parsed, rule, isThinking, notes);
  const { temperature, top_p: topP, top_k: topK } = parsed;
  if (typeof topK === "number") notes.warn("top_k", "dropped");
  return {
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof topP === "number" ? { top_p: topP } : {}),
  };
}
