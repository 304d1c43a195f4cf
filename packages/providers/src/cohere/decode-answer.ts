import type { ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { CohereDecoder } from "./decode-events.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The events of an answer that came whole: the same that its stream would have told. */
export function decodeCohereAnswer(answer: Fields): readonly ModelEvent[] {
  const { message, finish_reason: finish } = answer;
  if (!isFields(message)) {
    const isError = typeof message === "string";
    return [{ type: "failure", failure: isError ? classifyErrorObject(answer) : malformedResponse() }];
  }
  const decoder = new CohereDecoder();
  const tell = (type: string, delta: Fields): readonly ModelEvent[] =>
    decoder.decode({ type, id: answer["id"], delta: { message: delta } });
  const calls = listOf(message["tool_calls"]).map((call) => tell("tool-call-start", { tool_calls: call }));
  return [
    ...tell("message-start", {}),
    ...tell("tool-plan-delta", { tool_plan: message["tool_plan"] }),
    ...listOf(message["content"]).flatMap((content) => tell("content-delta", { content })),
    ...listOf(message["citations"]).flatMap((citations) => tell("citation-start", { citations })),
    ...calls.flat(),
    ...decoder.decode({ type: "message-end", delta: { finish_reason: finish, usage: answer["usage"] } }),
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
