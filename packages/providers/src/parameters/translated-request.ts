/** What every kind has in common that does not speak OpenAI's protocol: the parameters, and the first look at a request. */
import { withAllowedNames } from "../emulation/allowed-tool-names.ts";
import { withTools } from "../emulation/legacy-functions.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { noteMissingParameters, type ParameterRules } from "./parameter-rules.ts";
import type { ToolNameRule } from "./tool-names.ts";
import { TranslationNotes } from "./translation-notes.ts";

/** What client code depends on, and no other protocol has. Hints that are in neither table are dropped with a warning. */
const missingEverywhere = {
  n: "reject",
  logprobs: "reject",
  top_logprobs: "reject",
  modalities: "reject",
  audio: "reject",
  web_search_options: "reject",
} as const satisfies ParameterRules;

/** What the encoder of every kind translates. */
const translatedEverywhere = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop",
  "tools",
  "tool_choice",
  "response_format",
  "reasoning_effort",
] as const;

/** A kind's own parameters beside those of all kinds. */
export interface TranslatedParameters {
  readonly missing: ParameterRules;
  readonly translated: ReadonlySet<string>;
  /** Which names tools may have. */
  readonly toolNames: ToolNameRule;
}

export function translatedParameters({
  toolNames,
  missing = {},
  translated = [],
}: {
  readonly toolNames: ToolNameRule;
  readonly missing?: ParameterRules;
  readonly translated?: readonly string[];
}): TranslatedParameters {
  return {
    missing: { ...missingEverywhere, ...missing },
    translated: new Set([...translatedEverywhere, ...translated]),
    toolNames,
  };
}

/** The request in the words of today, and the notes of what it asks for that the kind has nothing for. */
export function beginTranslation(
  { operation, parsed, parameterMode, spellings }: RequestToEncode,
  { missing, translated, toolNames }: TranslatedParameters,
  provider: ProviderManifest,
): { readonly parsed: Readonly<Record<string, unknown>>; readonly notes: TranslationNotes } {
  const notes = new TranslationNotes(provider, parameterMode, spellings);
  if (operation !== "chat") notes.reject("model", `The operation '${operation}'`);
  const modern = withTools(parsed);
  noteMissingParameters(modern, missing, translated, notes);
  return { parsed: withAllowedNames(modern, toolNames, notes), notes };
}
