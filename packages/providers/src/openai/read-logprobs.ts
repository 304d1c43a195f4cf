/** Probabilities of tokens, as OpenAI lists them, and as servers did before there was a list. */
import type { Logprob, ModelEvent, TokenLogprob } from "../events/model-event.ts";
import { fieldsIn } from "../events/read-citation.ts";
import { isFields } from "../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The `logprobs` of a choice as an event; nothing where it holds none. A chunk of one token may tell its own alone. */
export function logprobEvents(logprobs: unknown, text: unknown): readonly ModelEvent[] {
  const tokens = readLogprobs(typeof logprobs === "number" ? { tokens: [text], token_logprobs: [logprobs] } : logprobs);
  return tokens.length === 0 ? [] : [{ type: "logprobs", tokens }];
}

function readLogprobs(logprobs: unknown): readonly TokenLogprob[] {
  if (!isFields(logprobs)) return [];
  if (!Array.isArray(logprobs["content"])) return readRows(logprobs);
  return fieldsIn(logprobs["content"]).flatMap((told) =>
    readOne(told).map((token) => ({ ...token, top: fieldsIn(told["top_logprobs"]).flatMap(readOne) })),
  );
}

function readOne({ token, logprob, bytes }: Fields): Logprob[] {
  if (typeof token !== "string" || typeof logprob !== "number") return [];
  return [{ token, logprob, bytes: Array.isArray(bytes) ? (bytes as readonly number[]) : null }];
}

/** A list of tokens, one of their logarithms, and one of objects of others by token (wire formats 2, Together). */
export function readRows({ tokens, token_logprobs: logprobs, top_logprobs: tops }: Fields): readonly TokenLogprob[] {
  if (!Array.isArray(tokens) || !Array.isArray(logprobs)) return [];
  return tokens.flatMap((token: unknown, index) => {
    const logprob: unknown = logprobs[index];
    const top: unknown = Array.isArray(tops) ? tops[index] : undefined;
    return readOne({ token, logprob }).map((told) => ({ ...told, top: isFields(top) ? readOthers(top) : [] }));
  });
}

function readOthers(others: Fields): Logprob[] {
  return Object.entries(others).flatMap(([token, logprob]) => readOne({ token, logprob }));
}
