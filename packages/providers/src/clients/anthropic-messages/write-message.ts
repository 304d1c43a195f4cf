/** A whole message: what the events of its stream add up to. */
import type { AnswerState } from "../../events/answer-state.ts";
import type { ModelEvent } from "../../events/model-event.ts";
import { isFields } from "../../json/field-reader.ts";
import { parseLossless } from "../../json/parse-lossless.ts";
import { type MessageEvent, MessageEvents } from "./message-events.ts";

type Block = Record<string, unknown>;

export function writeMessage(events: readonly ModelEvent[], state: AnswerState): object {
  const source = new MessageEvents();
  const draft = new MessageDraft();
  for (const event of events) for (const told of source.of(event)) draft.note(told);
  for (const told of source.end(state)) draft.note(told);
  return draft.message();
}

class MessageDraft {
  #message: object = {};
  readonly #content: Block[] = [];
  /** Arguments of a call as far as they have come, by index of its block. */
  readonly #arguments = new Map<number, string>();

  note(event: MessageEvent): void {
    const { message, content_block: block, delta, usage } = event;
    switch (event.type) {
      case "message_start":
        if (isFields(message)) this.#message = message;
        break;
      case "content_block_start":
        if (isFields(block)) this.#content.push({ ...block });
        break;
      case "content_block_delta":
        if (isFields(delta)) this.#extend(Number(event["index"]), delta);
        break;
      case "message_delta":
        if (isFields(delta)) this.#message = { ...this.#message, ...delta, usage };
        break;
      default:
    }
  }

  message(): object {
    for (const [index, text] of this.#arguments) {
      const block = this.#content[index];
      if (block !== undefined) block["input"] = readInput(text);
    }
    return { ...this.#message, content: this.#content };
  }

  #extend(index: number, delta: Readonly<Block>): void {
    const block = this.#content[index];
    if (block === undefined) return;
    switch (delta["type"]) {
      case "text_delta":
        block["text"] = `${String(block["text"])}${String(delta["text"])}`;
        break;
      case "thinking_delta":
        block["thinking"] = `${String(block["thinking"])}${String(delta["thinking"])}`;
        break;
      case "signature_delta":
        block["signature"] = delta["signature"];
        break;
      case "input_json_delta":
        this.#arguments.set(index, (this.#arguments.get(index) ?? "") + String(delta["partial_json"]));
        break;
      default:
    }
  }
}

/** Arguments that a length limit cut are no JSON; a whole message then holds none of them. */
function readInput(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return {};
  }
}
