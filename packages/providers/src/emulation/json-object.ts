/**
 * JSON of any shape, for providers that know no such mode: the model has to call a tool that takes any object, and what it
 * calls it with is the answer. A schema needs none of this where the provider takes schemas.
 */
import type { ModelEvent } from "../events/model-event.ts";
import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";
import type { AnswerStage } from "./answer-stage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** No client has a tool of this name. */
const toolName = "switchyard_json_answer";
const answerTool = {
  type: "function",
  function: {
    name: toolName,
    description: "Gives your answer, which is one JSON object of the shape that was asked for.",
    parameters: { type: "object" },
  },
};

/**
 * The request with that tool instead of `response_format: json_object`; as it is where it asks for no such thing.
 * `canDemand`: whether the model can be made to call it.
 */
export function withJsonAnswerTool(parsed: Fields, notes: TranslationNotes, canDemand = true): Fields {
  const { response_format: format, tools } = parsed;
  if (!isFields(format) || format["type"] !== "json_object") return parsed;
  const { response_format: _format, ...rest } = parsed;
  if (Array.isArray(tools) && tools.length > 0) {
    notes.reject("response_format", "'response_format' of type 'json_object' together with tools");
    return rest;
  }
  if (!canDemand) {
    notes.reject("response_format", "'response_format' of type 'json_object' for this model");
    return rest;
  }
  notes.warn("response_format", "emulated");
  return { ...rest, tools: [answerTool], tool_choice: { type: "function", function: { name: toolName } } };
}

/** Tells the arguments of that tool as text. */
export class JsonAnswer implements AnswerStage {
  #index: number | null = null;
  #hasOtherCalls = false;

  take(event: ModelEvent): readonly ModelEvent[] {
    switch (event.type) {
      case "tool_start":
        if (event.name !== toolName) {
          this.#hasOtherCalls = true;
          return [event];
        }
        this.#index = event.index;
        return [];
      case "tool_arguments":
        return event.index === this.#index ? [{ type: "text", text: event.fragment }] : [event];
      case "tool_end":
        return event.index === this.#index ? [] : [event];
      case "finish": {
        const isAnswer = this.#index !== null && !this.#hasOtherCalls && event.reason === "tool_calls";
        return isAnswer ? [{ ...event, reason: "stop" }] : [event];
      }
      default:
        return [event];
    }
  }
}
