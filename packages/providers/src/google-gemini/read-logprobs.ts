import type { Logprob, ModelEvent } from "../events/model-event.ts";
import { fieldsIn } from "../events/read-citation.ts";
import { isFields } from "../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A candidate's `logprobsResult` as an event: the chosen tokens, and in the same places the most probable ones. */
export function logprobEvents(result: unknown): readonly ModelEvent[] {
  if (!isFields(result)) return [];
  const places = fieldsIn(result["topCandidates"]);
  const tokens = fieldsIn(result["chosenCandidates"]).flatMap((chosen, index) =>
    readOne(chosen).map((token) => ({ ...token, top: fieldsIn(places[index]?.["candidates"]).flatMap(readOne) })),
  );
  return tokens.length === 0 ? [] : [{ type: "logprobs", tokens }];
}

function readOne({ token, logProbability }: Fields): Logprob[] {
  return typeof token === "string" && typeof logProbability === "number"
    ? [{ token, logprob: logProbability, bytes: null }]
    : [];
}
