/** OpenAI's chat request as Gemini's `generateContent` request. */
import { isFields } from "../json/field-reader.ts";
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { asksFor } from "../parameters/parameter-rules.ts";
import { beginTranslation } from "../parameters/translated-request.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { RequestEncoding, RequestToEncode } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { encodeContents } from "./encode-contents.ts";
import { encodeToolConfig, encodeTools } from "./encode-tools.ts";
import { efforts, geminiParameters, mostStopSequences, numberSettings, thinkingRules } from "./parameters.ts";

type Fields = Readonly<Record<string, unknown>>;

/** `provider` is named in what the caller is told. */
export function encodeGeminiRequest(request: RequestToEncode, provider: ProviderManifest): RequestEncoding {
  const { changes } = request;
  const { parsed, notes } = beginTranslation(request, geminiParameters, provider);
  const { system, contents } = encodeContents(parsed["messages"], notes);
  const declarations = encodeTools(parsed["tools"], notes);
  const toolConfig = encodeToolConfig(parsed["tool_choice"], notes);
  const generationConfig = {
    ...encodeCap(parsed, changes.outputTokensCap),
    ...encodeNumbers(parsed),
    ...encodeStop(parsed, notes),
    ...encodeCandidates(parsed, notes),
    ...encodeLogprobs(parsed, notes),
    ...encodeFormat(parsed["response_format"], notes),
    ...encodeThinking(parsed["reasoning_effort"], changes.model, notes),
  };
  const body = {
    contents,
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
    ...(declarations.length === 0 ? {} : { tools: [{ functionDeclarations: declarations }] }),
    ...(toolConfig === null || declarations.length === 0 ? {} : { toolConfig }),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  };
  if (notes.rejection !== null) return notes.rejection;
  return { ok: true, body: encodeUtf8(JSON.stringify(body)), changed: Object.keys(body), warnings: notes.warnings };
}

function encodeCap(parsed: Fields, allowed: number | null): object {
  const asked = [parsed["max_tokens"], parsed["max_completion_tokens"]].filter((value) => typeof value === "number");
  const cap = Math.min(...asked, allowed ?? Infinity);
  return cap === Infinity ? {} : { maxOutputTokens: cap };
}

function encodeNumbers(parsed: Fields): object {
  const set = Object.entries(numberSettings).filter(([parameter]) => typeof parsed[parameter] === "number");
  return Object.fromEntries(set.map(([parameter, name]) => [name, parsed[parameter]]));
}

function encodeStop(parsed: Fields, notes: TranslationNotes): object {
  const { stop } = parsed;
  if (stopsToCut(parsed, mostStopSequences).length > 0) {
    notes.warn("stop", "emulated");
    return {};
  }
  const sequences = (Array.isArray(stop) ? stop : [stop]).filter((sequence) => typeof sequence === "string");
  return sequences.length === 0 ? {} : { stopSequences: sequences };
}

/** Streams of several candidates are not offered by every model. */
function encodeCandidates(parsed: Fields, notes: TranslationNotes): object {
  if (!asksFor(parsed, "n")) return {};
  if (parsed["stream"] === true) notes.reject("n", "'n' above 1 in a stream");
  return { candidateCount: parsed["n"] };
}

function encodeLogprobs(parsed: Fields, notes: TranslationNotes): object {
  const { logprobs, top_logprobs: top } = parsed;
  if (!asksFor(parsed, "logprobs")) {
    if (asksFor(parsed, "top_logprobs")) {
      notes.refuse("top_logprobs", "'top_logprobs' needs 'logprobs' to be true.");
    }
    return {};
  }
  // They would no longer fit a text that is cut here.
  if (stopsToCut(parsed, mostStopSequences).length > 0) notes.reject("logprobs", "'logprobs' with so many of 'stop'");
  return { responseLogprobs: logprobs, ...(asksFor(parsed, "top_logprobs") ? { logprobs: top } : {}) };
}

function encodeFormat(format: unknown, notes: TranslationNotes): object {
  if (!isFields(format) || format["type"] === "text") return {};
  const json = { responseMimeType: "application/json" };
  if (format["type"] === "json_object") return json;
  const { json_schema: definition } = format;
  if (format["type"] === "json_schema" && isFields(definition) && isFields(definition["schema"])) {
    return { ...json, responseJsonSchema: definition["schema"] };
  }
  notes.reject("response_format", "This form of 'response_format'");
  return {};
}

function encodeThinking(effort: unknown, model: string, notes: TranslationNotes): object {
  const rule = thinkingRules.find(({ models }) => models.test(model));
  if (effort === undefined || effort === null || rule === undefined) return {};
  if (effort === "none") {
    if (!rule.canBeOff) notes.reject("reasoning_effort", `'reasoning_effort' of 'none' for ${model}`);
    return rule.by === "budget" ? { thinkingConfig: { thinkingBudget: 0 } } : {};
  }
  const level = typeof effort === "string" && Object.hasOwn(efforts, effort) ? efforts[effort] : undefined;
  if (level === undefined) {
    notes.refuse("reasoning_effort", `'reasoning_effort' must be one of none, ${Object.keys(efforts).join(", ")}.`);
    return {};
  }
  if (rule.by === "none") {
    notes.warn("reasoning_effort", "dropped");
    return {};
  }
  const { thinkingLevel, thinkingBudget } = level;
  const instead = rule.by === "level" ? rule.instead?.[thinkingLevel] : undefined;
  if (instead !== undefined) notes.warn("reasoning_effort", `clamped to ${instead.toLowerCase()}`);
  const thinking = rule.by === "level" ? { thinkingLevel: instead ?? thinkingLevel } : { thinkingBudget };
  return { thinkingConfig: { ...thinking, includeThoughts: true } };
}
