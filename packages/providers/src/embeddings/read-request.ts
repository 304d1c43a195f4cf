import { noteMissingParameters } from "../parameters/parameter-rules.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A request for embeddings in no provider's words. */
export interface EmbeddingsAsked {
  readonly texts: readonly string[];
  readonly dimensions: number | null;
  /** The members that the kind takes under its own names. */
  readonly own: Fields;
}

const translated = ["model", "input", "dimensions", "encoding_format"];

/** OpenAI's request for embeddings. Numbers of tokens belong to one tokenizer, so that no other provider can take them. */
export function readEmbeddingsRequest(
  parsed: Fields,
  takes: readonly string[],
  notes: TranslationNotes,
): EmbeddingsAsked {
  noteMissingParameters(parsed, {}, new Set([...translated, ...takes]), notes);
  const { input, dimensions, encoding_format: format } = parsed;
  const list: readonly unknown[] = Array.isArray(input) ? input : [input];
  const texts = list.filter((text) => typeof text === "string");
  if (texts.length < list.length) {
    notes.refuse("input", "'input' must be texts here: numbers of tokens are understood by OpenAI's models alone.");
  }
  if (typeof format === "string" && format !== "float" && format !== "base64") {
    notes.refuse("encoding_format", "'encoding_format' must be float or base64.");
  }
  const own = Object.fromEntries(takes.filter((name) => name in parsed).map((name) => [name, parsed[name]]));
  return { texts, dimensions: typeof dimensions === "number" ? dimensions : null, own };
}
