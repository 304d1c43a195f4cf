import type { AnswerState } from "../../events/answer-state.ts";
import type { ModelEvent } from "../../events/model-event.ts";
import { encodeUtf8 } from "../../text/utf8.ts";
import type { AnswerWriter, ClientError } from "../client-protocol.ts";
import { type MessageEvent, MessageEvents } from "./message-events.ts";
import { writeAnthropicStreamError } from "./write-error.ts";

/** Writes events as Anthropic's stream. */
export class MessageStream implements AnswerWriter {
  readonly #events = new MessageEvents();

  write(event: ModelEvent): Uint8Array | null {
    const events = this.#events.of(event);
    return events.length === 0 ? null : encode(events);
  }

  close(state: AnswerState): Uint8Array {
    return encode(this.#events.end(state));
  }

  fail(error: ClientError): Uint8Array {
    return writeAnthropicStreamError(error);
  }
}

function encode(events: readonly MessageEvent[]): Uint8Array {
  return encodeUtf8(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}
