/** Makes a whole answer readable for clients of OpenAI, as `answer-repair.ts` does a streamed one. */
import { isFields } from "../../json/field-reader.ts";
import { readSources } from "../read-sources.ts";
import type { Citation } from "../../events/model-event.ts";
import { shapeAnnotations } from "./annotation-shape.ts";
import { annotate, dropEmptyUsage, fillFinish, fillId, mapFinish, seedOf } from "./choice-shape.ts";
import { flattenContent } from "./content-parts.ts";
import { reshapeLogprobs } from "./logprobs-shape.ts";
import { areReadable, repairToolCalls } from "./tool-fragments.ts";

type Fields = Record<string, unknown>;

/** Repairs the choices of a whole completion. `broken`: a tool is called with arguments that are no JSON. */
export function repairCompletion(completion: Fields): "same" | "changed" | "broken" {
  let isChanged = dropEmptyUsage(completion);
  if (fillId(completion)) isChanged = true;
  const choices: readonly unknown[] = Array.isArray(completion["choices"]) ? completion["choices"] : [];
  const sources = readSources(completion);
  for (const [position, choice] of choices.entries()) {
    if (!isFields(choice)) continue;
    isChanged = repairWholeChoice(choice, position, seedOf(completion), sources) || isChanged;
    if (choice["finish_reason"] !== "length" && !areReadable(callsOf(choice["message"]))) return "broken";
  }
  return isChanged ? "changed" : "same";
}

function repairWholeChoice(choice: Fields, position: number, seed: string, sources: readonly Citation[]): boolean {
  let isChanged = false;
  if (typeof choice["index"] !== "number") {
    choice["index"] = position;
    isChanged = true;
  }
  if (!isFields(choice["message"])) {
    // A filter that blocked an answer leaves none behind.
    choice["message"] = { role: "assistant", content: null };
    isChanged = true;
  }
  const message = choice["message"] as Fields;
  if (flattenContent(message)) isChanged = true;
  if (reshapeLogprobs(choice, message)) isChanged = true;
  if (shapeAnnotations(message)) isChanged = true;
  if (annotate(message, sources)) isChanged = true;
  const calls = callsOf(message);
  if (repairToolCalls(calls, seed)) isChanged = true;
  if (fillFinish(choice)) isChanged = true;
  return mapFinish(choice, calls.length > 0) || isChanged;
}

function callsOf(message: unknown): readonly unknown[] {
  return isFields(message) && Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
}
