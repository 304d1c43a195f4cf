/** What an answer says, for whoever has to judge it: read from the bytes that the client would get. */
import { decodeUtf8 } from "../text/utf8.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface AnswerContent {
  /** The text of each of the answers, without reasoning. */
  readonly texts: readonly string[];
  readonly callsTools: boolean;
  /** Mean natural logarithm of the tokens' probabilities; null where none are told. */
  readonly meanLogprob: number | null;
}

/** What a request wants its answer to be: JSON, or JSON that keeps to a schema. */
export type AskedForm = { readonly kind: "json" } | { readonly kind: "schema"; readonly schema: unknown };

/** The events of a stream that is whole, as values; what is no JSON object is left out. Never throws. */
export function readWholeStream(bytes: Uint8Array): readonly Fields[] {
  const events: Fields[] = [];
  let data: string[] = [];
  for (const line of `${decodeUtf8(bytes)}\n\n`.split(/\r\n|\r|\n/)) {
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
    if (line !== "" || data.length === 0) continue;
    const event = parseObject(data.join("\n"));
    if (event !== null) events.push(event);
    data = [];
  }
  return events;
}

/** A whole answer as a value; null where it is none. Never throws. */
export function readWholeAnswer(bytes: Uint8Array): Fields | null {
  return parseObject(decodeUtf8(bytes));
}

/** Collects what answers say, piece by piece. */
export class ContentDraft {
  readonly #texts = new Map<number, string>();
  #logprobs = 0;
  #tokens = 0;
  callsTools = false;

  add(index: number, text: unknown): void {
    this.#texts.set(index, (this.#texts.get(index) ?? "") + (typeof text === "string" ? text : ""));
  }

  /** `tokens` as OpenAI lists them: objects with a `logprob`. */
  addLogprobs(tokens: unknown): void {
    if (!Array.isArray(tokens)) return;
    for (const token of tokens as readonly unknown[]) {
      const logprob = isFields(token) ? token["logprob"] : undefined;
      if (typeof logprob !== "number" || !Number.isFinite(logprob)) continue;
      this.#logprobs += logprob;
      this.#tokens += 1;
    }
  }

  content(): AnswerContent {
    return {
      texts: [...this.#texts.values()],
      callsTools: this.callsTools,
      meanLogprob: this.#tokens === 0 ? null : this.#logprobs / this.#tokens,
    };
  }
}

/** The members of a list that are objects; none where it is no list. */
export function objectsOf(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isFields) : [];
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
