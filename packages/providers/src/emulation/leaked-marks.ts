import type { ModelEvent } from "../events/model-event.ts";
import type { AnswerStage } from "./answer-stage.ts";

/** What marks the parts of a message in the format that gpt-oss writes. */
const mark = "<|";

/**
 * Takes off what servers of gpt-oss leave behind a tool's name, as in `search<|channel|>commentary`: no client has a tool
 * of that name, and no provider takes one.
 */
export class LeakedMarks implements AnswerStage {
  take(event: ModelEvent): readonly ModelEvent[] {
    if (event.type !== "tool_start") return [event];
    const at = event.name.indexOf(mark);
    return [at > 0 ? { ...event, name: event.name.slice(0, at) } : event];
  }
}
