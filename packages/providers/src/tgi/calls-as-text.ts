/**
 * Calls of tools as TGI streamed them before version 3.2: one object where OpenAI has a list, whose arguments are the text
 * of a grammar that holds the name as well, `{"function":{"_name":…,…}}`, and the token that ends it.
 */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { Sniff } from "../native-answers/sniffed-stream.ts";
import { OpenAiDecoder } from "../openai/decode-answer.ts";
import { openAiDialect } from "../openai/dialect.ts";
import { isUnfinished, openAiFinish } from "../openai/finish-reason.ts";
import { encodeUtf8 } from "../text/utf8.ts";

type Fields = Readonly<Record<string, unknown>>;

const longestCall = 1_048_576;
const none: Fields = {};

/** Whether the first event calls a tool so; quotes inside of a text are written otherwise. */
export const beginsWithCallAsText: Sniff = (beginning) => {
  const first = /(?:^|[\r\n])data: ?([^\r\n]+)[\r\n]/.exec(beginning);
  return first === null ? null : /"tool_calls":\s*\{/.test(first[1] ?? "");
};

export class CallAsTextDecoder implements EventDecoder {
  readonly #chunks = new OpenAiDecoder(openAiDialect);
  /** Nothing is known of a call before its end. */
  #call = "";

  decode(chunk: Fields | null): readonly ModelEvent[] {
    const choices: readonly unknown[] = Array.isArray(chunk?.["choices"]) ? chunk["choices"] : [];
    const choice = fieldsOf(choices[0]);
    const { tool_calls: called, ...said } = fieldsOf(choice["delta"]);
    const { arguments: text } = fieldsOf(fieldsOf(called)["function"]);
    if (typeof text === "string") this.#call += text;
    const { finish_reason: finish } = choice;
    const isEnd = !isUnfinished(finish) && this.#call !== "";
    const call = isEnd ? readCall(this.#call) : null;
    const isCut = typeof finish === "string" && openAiFinish(finish) === "length";
    if (this.#call.length > longestCall || (isEnd && call === null && !isCut)) {
      return [{ type: "failure", failure: malformedResponse() }];
    }
    if (choice === none) return this.#chunks.decode(chunk);
    const delta = { ...said, ...(call === null ? {} : { tool_calls: [call] }) };
    return this.#chunks.decode({ ...chunk, choices: [{ ...choice, delta }] });
  }
}

function readCall(text: string): object | null {
  const { function: called } = readJsonObject(encodeUtf8(text.replace(/(?:<\|\w+\|>|<\/s>)\s*$/, ""))) ?? none;
  const { _name: name, ...given } = fieldsOf(called);
  if (typeof name !== "string") return null;
  return { index: 0, id: "0", type: "function", function: { name, arguments: JSON.stringify(given) } };
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : none;
}
