import type { Json } from "../comparison/json-differences.ts";

/** What an answer says, in no protocol's words. Finish reasons are those of chat completions. */
export interface AnswerMeaning {
  readonly text: string;
  readonly reasoning: string;
  readonly refusal: string;
  readonly toolCalls: readonly CallMeaning[];
  /** Null where the answer did not come to its end. */
  readonly finish: string | null;
  readonly usage: UsageMeaning | null;
}

export interface CallMeaning {
  /** Null where the protocol has no ids of calls. */
  readonly id: string | null;
  readonly name: string;
  /** Parsed; the text itself where it is no JSON. */
  readonly arguments: Json;
}

/** In tokens. What came from a cache is part of the input, and reasoning is part of the output. */
export interface UsageMeaning {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

/** The arguments of a call as they are compared. No arguments at all are an empty object. */
export function parseArguments(text: string): Json {
  try {
    return text === "" ? {} : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
