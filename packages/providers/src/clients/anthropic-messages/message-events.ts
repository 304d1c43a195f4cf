/**
 * The event model as Anthropic's events, as values: a stream sends them, and a whole message is what they add up to, so
 * that both say the same. Blocks follow each other; one is closed before the next begins.
 */
import type { AnswerState } from "../../events/answer-state.ts";
import type { FinishReason, ModelEvent, SealedReasoning } from "../../events/model-event.ts";
import { plainReasoning, writeEnvelope } from "../../events/sealed-envelope.ts";
import { anthropicUsage } from "./write-usage.ts";

export type MessageEvent = Readonly<Record<string, unknown>> & { readonly type: string };

const stopReasons: { readonly [reason in FinishReason]: string } = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

interface OpenBlock {
  readonly kind: "text" | "thinking" | "tool";
  readonly index: number;
}

export class MessageEvents {
  #blocks = 0;
  #open: OpenBlock | null = null;
  /** Index of the block, by index of the call. */
  readonly #calls = new Map<number, number>();
  #refusal: string | null = null;
  #ending: MessageEvent | null = null;

  of(event: ModelEvent): MessageEvent[] {
    switch (event.type) {
      case "start":
        return [{ type: "message_start", message: messageHead(event.id, event.model) }, { type: "ping" }];
      case "text":
        return this.#extend("text", { type: "text", text: "" }, { type: "text_delta", text: event.text });
      case "reasoning":
        return this.#extend("thinking", emptyThinking, { type: "thinking_delta", thinking: event.text });
      case "sealed_reasoning":
        return this.#seal(event.block);
      case "tool_start": {
        const { id, name } = event;
        const started = this.#start("tool", { type: "tool_use", id, name, input: {} });
        this.#calls.set(event.index, this.#blocks - 1);
        return started;
      }
      case "tool_arguments": {
        const delta = { type: "input_json_delta", partial_json: event.fragment };
        return [{ type: "content_block_delta", index: this.#calls.get(event.index), delta }];
      }
      case "tool_end":
        return this.#open?.index === this.#calls.get(event.index) ? this.#close() : [];
      case "refusal":
        if (event.text !== null) this.#refusal = (this.#refusal ?? "") + event.text;
        return [];
      case "finish":
        this.#ending = { type: "message_delta", delta: endingOf(event.reason, event.stopSequence) };
        return [];
      // Its own citations can be read by its own provider only; its answers have no place for pictures or probabilities.
      case "logprobs":
      case "media":
      case "citation":
      case "usage":
      case "end":
      case "failure":
        return [];
    }
  }

  /** The end, once the whole answer is known to be good: an error may still follow a finish. */
  end({ usage, refusalSeen }: AnswerState): MessageEvent[] {
    const details = { type: "refusal", category: null, explanation: this.#refusal };
    const ending = this.#ending ?? { type: "message_delta", delta: endingOf("stop", null) };
    const refused = { ...endingOf("content_filter", null), stop_details: details };
    const delta = refusalSeen ? refused : ending["delta"];
    return [...this.#close(), { type: "message_delta", delta, usage: anthropicUsage(usage) }, { type: "message_stop" }];
  }

  #extend(kind: OpenBlock["kind"], block: object, delta: object): MessageEvent[] {
    const started = this.#open?.kind === kind ? [] : this.#start(kind, block);
    return [...started, { type: "content_block_delta", index: this.#open?.index, delta }];
  }

  #start(kind: OpenBlock["kind"], block: object): MessageEvent[] {
    const closed = this.#close();
    const index = this.#blocks++;
    this.#open = { kind, index };
    return [...closed, { type: "content_block_start", index, content_block: block }];
  }

  /** Thinking that nobody sealed says so, because clients send blocks back only with a signature. */
  #close(signature = writeEnvelope(plainReasoning)): MessageEvent[] {
    if (this.#open === null) return [];
    const { kind, index } = this.#open;
    this.#open = null;
    const signed = { type: "content_block_delta", index, delta: { type: "signature_delta", signature } };
    return [...(kind === "thinking" ? [signed] : []), { type: "content_block_stop", index }];
  }

  #seal(block: SealedReasoning): MessageEvent[] {
    const isOwn = block.format === "anthropic";
    if (block.type === "thinking") {
      // The text has been told already, piece by piece.
      const { text: _text, ...seal } = block;
      const started = this.#open?.kind === "thinking" ? [] : this.#start("thinking", emptyThinking);
      const signature = isOwn ? (block.signature ?? "") : writeEnvelope(seal);
      return [...started, ...this.#close(signature)];
    }
    const data = isOwn ? block.data : writeEnvelope(block);
    const closed = this.#close();
    const index = this.#blocks++;
    return [
      ...closed,
      { type: "content_block_start", index, content_block: { type: "redacted_thinking", data } },
      { type: "content_block_stop", index },
    ];
  }
}

const emptyThinking = { type: "thinking", thinking: "", signature: "" };

function messageHead(id: string | null, model: string | null): object {
  return {
    id: id ?? "msg_0",
    type: "message",
    role: "assistant",
    model,
    content: [],
    ...endingOf(null, null),
    // Most providers tell what the input came to at the end only, and so does the end of this stream.
    usage: anthropicUsage(null),
  };
}

function endingOf(reason: FinishReason | null, stopSequence: string | null): object {
  const stopReason = reason === null ? null : stopSequence === null ? stopReasons[reason] : "stop_sequence";
  return { stop_reason: stopReason, stop_sequence: stopSequence, stop_details: null };
}
