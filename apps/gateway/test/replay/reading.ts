/** What an SDK made of an answer, in words that are the same for all of them. */
export interface Reading {
  text: string;
  reasoning: string;
  tools: { readonly name: string; readonly arguments: unknown }[];
  /** In OpenAI's words; null where the SDK was told none. */
  finish: string | null;
  /** Undefined where the SDK has no word for it. */
  refusal?: string | null;
  usage: {
    readonly input: number;
    readonly output: number;
    readonly cached?: number;
    readonly reasoning?: number;
  } | null;
  /** What the SDK raised; the status is null inside a stream. */
  error: ReadError | null;
}

export interface ReadError {
  readonly status: number | null;
  readonly code: string | null;
  /** What its headers ask to wait; null where there are none, as inside a stream. */
  readonly retryAfterSeconds: number | null;
}

export function emptyReading(): Reading {
  return { text: "", reasoning: "", tools: [], finish: null, usage: null, error: null };
}

export interface Question {
  readonly route: string;
  readonly stream: boolean;
  readonly offersTools: boolean;
  /** Asks for JSON of this schema. */
  readonly schema?: object;
  /** Shows a picture: a PNG in base64. */
  readonly image?: string;
  readonly reasoningEffort?: "low";
}

/** An SDK that is asked, and what it read. */
export type Client = (question: Question) => Promise<Reading>;

/** Of the headers of an error; null where it has none that say so. */
export function retryAfterOf(headers: Headers | undefined): number | null {
  const told = headers?.get("retry-after") ?? null;
  return told === null ? null : Number(told);
}

/** Parsed arguments, or the text itself where it is no JSON: what a test then shows as the difference. */
export function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
