import type { ModelEvent } from "../events/model-event.ts";
import { fieldsIn } from "../events/read-citation.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { classifyAnswerError } from "./classify-failure.ts";
import { ConverseDecoder } from "./decode-events.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The events of an answer that came whole: the same that its stream would have told. */
export function decodeConverse(answer: Fields): readonly ModelEvent[] {
  const { output } = answer;
  const message = isFields(output) ? output["message"] : undefined;
  if (!isFields(message)) return [{ type: "failure", failure: classifyAnswerError(answer) ?? malformedResponse() }];
  const decoder = new ConverseDecoder();
  const blocks: readonly unknown[] = Array.isArray(message["content"]) ? message["content"] : [];
  return [
    ...decoder.decode("messageStart", message),
    ...blocks.flatMap((block, index) => (isFields(block) ? readBlock(decoder, block, index) : [])),
    ...decoder.decode("messageStop", answer),
    ...decoder.decode("metadata", answer),
  ];
}

function readBlock(decoder: ConverseDecoder, block: Fields, contentBlockIndex: number): readonly ModelEvent[] {
  const { toolUse, reasoningContent: reasoning } = block;
  const tell = (delta: Fields): readonly ModelEvent[] =>
    decoder.decode("contentBlockDelta", { contentBlockIndex, delta });
  const close = (): readonly ModelEvent[] => decoder.decode("contentBlockStop", { contentBlockIndex });
  if (isFields(toolUse)) {
    const { input } = toolUse;
    const start = decoder.decode("contentBlockStart", { contentBlockIndex, start: { toolUse } });
    return [...start, ...tell({ toolUse: { input: isFields(input) ? JSON.stringify(input) : "" } }), ...close()];
  }
  if (isFields(reasoning)) {
    const thought = isFields(reasoning["reasoningText"]) ? reasoning["reasoningText"] : reasoning;
    return [...tell({ reasoningContent: thought }), ...close()];
  }
  const { citationsContent: cited } = block;
  if (isFields(cited)) {
    const citations = fieldsIn(cited["citations"]).map((citation) => ({ citation }));
    return [...citations, ...fieldsIn(cited["content"])].flatMap(tell).concat(close());
  }
  return [...tell(block), ...close()];
}
