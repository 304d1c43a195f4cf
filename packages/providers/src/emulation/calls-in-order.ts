import type { ModelEvent } from "../events/model-event.ts";
import type { AnswerStage } from "./answer-stage.ts";

type CallEvent = Extract<ModelEvent, { type: "tool_start" | "tool_arguments" | "tool_end" }>;

/**
 * Puts the calls of an answer one after the other, since most protocols have no way to tell several at once: what is told
 * of a call waits until the one before it has ended.
 */
export class CallsInOrder implements AnswerStage {
  #open: number | null = null;
  #waiting: CallEvent[] = [];

  take(event: ModelEvent): readonly ModelEvent[] {
    const isOfCall = event.type === "tool_start" || event.type === "tool_arguments" || event.type === "tool_end";
    return isOfCall ? this.#take(event) : [event];
  }

  #take(event: CallEvent): readonly ModelEvent[] {
    const isNext = event.type === "tool_start" && this.#open === null;
    if (!isNext && event.index !== this.#open) {
      this.#waiting.push(event);
      return [];
    }
    this.#open = event.type === "tool_end" ? null : event.index;
    return event.type === "tool_end" ? [event, ...this.#release()] : [event];
  }

  #release(): readonly ModelEvent[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting.flatMap((event) => this.#take(event));
  }
}
