/** OpenAI's chat request as Cohere's. */
import { isFields } from "../json/field-reader.ts";
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { beginTranslation } from "../parameters/translated-request.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { encodeCohereMessages } from "./encode-messages.ts";
import { encodeCohereTools } from "./encode-tools.ts";
import { cohereManifest } from "./manifest.ts";
import { cohereParameters, mostStopSequences, nucleus, thinkingBudgets } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

export function encodeCohereRequest(request: RequestToEncode): RequestEncoding {
  const { changes } = request;
  const { parsed, notes } = beginTranslation(request, cohereParameters, cohereManifest);
  const tools = encodeCohereTools(parsed["tools"], parsed["tool_choice"], notes);
  const body = {
    model: changes.model,
    messages: encodeCohereMessages(parsed["messages"], notes),
    ...(parsed["stream"] === true ? { stream: true } : {}),
    ...encodeCap(parsed, changes.outputTokensCap),
    ...encodeSampling(parsed, notes),
    ...encodeStop(parsed, notes),
    ...tools,
    ...encodeFormat(parsed["response_format"], "tools" in tools, notes),
    ...encodeThinking(parsed["reasoning_effort"], notes),
  };
  if (notes.rejection !== null) return notes.rejection;
  return { ok: true, body: encodeUtf8(JSON.stringify(body)), changed: Object.keys(body), warnings: notes.warnings };
}

function encodeCap(parsed: Fields, allowed: number | null): object {
  const asked = [parsed["max_tokens"], parsed["max_completion_tokens"]].filter((value) => typeof value === "number");
  const cap = Math.min(...asked, allowed ?? Infinity);
  return cap === Infinity ? {} : { max_tokens: cap };
}

function encodeSampling(parsed: Fields, notes: TranslationNotes): object {
  const { temperature, top_p: topP, top_k: topK, seed } = parsed;
  return {
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof topP === "number" ? { p: clamp("top_p", topP, nucleus, notes) } : {}),
    ...(typeof topK === "number" ? { k: topK } : {}),
    ...(typeof seed === "number" ? { seed } : {}),
    ...encodePenalty("presence_penalty", parsed, notes),
    ...encodePenalty("frequency_penalty", parsed, notes),
  };
}

function encodePenalty(name: string, parsed: Fields, notes: TranslationNotes): object {
  const value = parsed[name];
  if (typeof value !== "number" || value === 0) return {};
  if (value < 0) notes.reject(name, `A negative '${name}'`);
  return { [name]: clamp(name, value, { least: 0, most: 1 }, notes) };
}

function clamp(
  name: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
  notes: TranslationNotes,
): number {
  const allowed = Math.min(Math.max(value, least), most);
  if (allowed !== value) notes.warn(name, "clamped");
  return allowed;
}

function encodeStop(parsed: Fields, notes: TranslationNotes): object {
  const { stop } = parsed;
  if (stopsToCut(parsed, mostStopSequences).length > 0) {
    notes.warn("stop", "emulated");
    return {};
  }
  const sequences = (Array.isArray(stop) ? stop : [stop]).filter((sequence) => typeof sequence === "string");
  return sequences.length === 0 ? {} : { stop_sequences: sequences };
}

function encodeFormat(format: unknown, hasTools: boolean, notes: TranslationNotes): object {
  if (!isFields(format) || format["type"] === "text") return {};
  if (hasTools) notes.reject("response_format", "'response_format' together with tools");
  if (format["type"] === "json_object") return { response_format: { type: "json_object" } };
  const { json_schema: definition } = format;
  if (format["type"] === "json_schema" && isFields(definition) && isFields(definition["schema"])) {
    return { response_format: { type: "json_object", json_schema: definition["schema"] } };
  }
  notes.reject("response_format", "This form of 'response_format'");
  return {};
}

function encodeThinking(effort: unknown, notes: TranslationNotes): object {
  if (effort === undefined || effort === null) return {};
  if (effort === "none") return { thinking: { type: "disabled" } };
  const budget =
    typeof effort === "string" && Object.hasOwn(thinkingBudgets, effort) ? thinkingBudgets[effort] : undefined;
  if (budget !== undefined) return { thinking: { type: "enabled", token_budget: budget } };
  notes.refuse(
    "reasoning_effort",
    `'reasoning_effort' must be one of none, ${Object.keys(thinkingBudgets).join(", ")}.`,
  );
  return {};
}
