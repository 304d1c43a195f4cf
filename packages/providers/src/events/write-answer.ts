import { truncatedResponse } from "../failure/classify-failure.ts";
import type { AnswerOptions, CompleteResponse } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { AnswerStages } from "../emulation/answer-stage.ts";
import { answerWarnings } from "./answer-warnings.ts";
import { AnswerState } from "./answer-state.ts";
import type { ModelEvent } from "./model-event.ts";

/**
 * Judges a whole answer and writes it as the client reads it. `stops` are the stop sequences that the provider was not
 * told of.
 */
export function writeAnswer(
  read: readonly ModelEvent[],
  options: AnswerOptions,
  stops: readonly string[] = [],
): CompleteResponse {
  const stages = new AnswerStages(stops);
  const events = read.flatMap((event) => stages.take(event));
  const state = new AnswerState();
  for (const event of events) state.note(event);
  const verdict = state.verdict();
  if (verdict === "errored" || verdict === "truncated") {
    return { ok: false, failure: state.failure ?? truncatedResponse() };
  }
  return {
    ok: true,
    body: encodeUtf8(JSON.stringify(options.client.writeAnswer(events, state, options))),
    verdict,
    usage: state.usage,
    finishReasons: [state.finishReason],
    empty: verdict === "complete" && !state.contentSeen,
    serviceTier: state.serviceTier,
    model: state.model,
    warnings: answerWarnings(state, options.client),
  };
}
