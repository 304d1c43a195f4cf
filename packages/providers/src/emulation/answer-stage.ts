/** What an answer passes through between the provider's decoder and the client's writer, event by event. */
import type { ModelEvent } from "../events/model-event.ts";
import { CallsInOrder } from "./calls-in-order.ts";
import { JsonAnswer } from "./json-object.ts";
import { LeakedMarks } from "./leaked-marks.ts";
import { StopSequences } from "./stop-sequences.ts";

export interface AnswerStage {
  /** What can be told now, with `event` as the latest that was read. */
  take(event: ModelEvent): readonly ModelEvent[];
}

/** All stages of one answer. `stops` are the stop sequences that the provider was not told of. */
export class AnswerStages implements AnswerStage {
  readonly #stages: readonly AnswerStage[];

  constructor(stops: readonly string[]) {
    this.#stages = [
      new CallsInOrder(),
      new LeakedMarks(),
      new JsonAnswer(),
      ...(stops.length === 0 ? [] : [new StopSequences(stops)]),
    ];
  }

  take(event: ModelEvent): readonly ModelEvent[] {
    let events: readonly ModelEvent[] = [event];
    for (const stage of this.#stages) events = events.flatMap((told) => stage.take(told));
    return events;
  }
}
