/** Writes events as OpenAI's stream of chunks, in the order that its SDKs rely on (wire formats 1.3). */
import { usesFunctions } from "../../emulation/legacy-functions.ts";
import type { AnswerState } from "../../events/answer-state.ts";
import type { ModelEvent, TokenLogprob } from "../../events/model-event.ts";
import type { AnswerOptions } from "../../provider-codec.ts";
import { encodeUtf8 } from "../../text/utf8.ts";
import type { AnswerWriter, ClientError } from "../client-protocol.ts";
import { chatAnnotation } from "./write-annotation.ts";
import { answerHead } from "./answer-head.ts";
import { chatImage } from "./write-image.ts";
import { chatLogprobs } from "./write-logprobs.ts";
import { finishOf } from "./finish-of.ts";
import { writeChatStreamError } from "./write-error.ts";
import { openAiUsage } from "./write-usage.ts";

type ChunkOptions = Pick<AnswerOptions, "createdSeconds" | "forwardUsage" | "request">;

export class ChatChunks implements AnswerWriter {
  readonly #options: ChunkOptions;
  #head = "";
  /** Held back until the provider has said its last word: an error may still follow a finish. */
  #finish: string | null = null;
  /** The client asked in the words that were before tools, which know one call. */
  readonly #tellsFunctions: boolean;
  /** Those of the text that is yet to come. */
  #logprobs: readonly TokenLogprob[] = [];

  constructor(options: ChunkOptions) {
    this.#options = options;
    this.#tellsFunctions = usesFunctions(options.request);
  }

  /** The chunk that an event is, or null for one that has none. */
  write(event: ModelEvent): Uint8Array | null {
    switch (event.type) {
      case "start": {
        const { createdSeconds: created, request } = this.#options;
        const { id, model } = answerHead(event.id, event.model, created, request);
        const envelope = { id, object: "chat.completion.chunk", created, model };
        this.#head = JSON.stringify(envelope).slice(0, -1);
        return this.#chunk({ role: "assistant", content: "", refusal: null });
      }
      case "text":
        return this.#chunk({ content: event.text }, this.#takeLogprobs());
      case "logprobs":
        this.#logprobs = [...this.#logprobs, ...event.tokens];
        return null;
      case "reasoning":
        return this.#chunk({ reasoning_content: event.text });
      case "sealed_reasoning":
        return this.#chunk({ reasoning_details: [event.block] });
      case "tool_start": {
        const { index, id, name } = event;
        if (this.#tellsFunctions) return this.#functionChunk(index, { name, arguments: "" });
        return this.#chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] });
      }
      case "tool_arguments":
        if (this.#tellsFunctions) return this.#functionChunk(event.index, { arguments: event.fragment });
        return this.#chunk({ tool_calls: [{ index: event.index, function: { arguments: event.fragment } }] });
      case "refusal":
        return event.text === null ? null : this.#chunk({ refusal: event.text });
      case "media":
        return this.#chunk({ images: [chatImage(event)] });
      case "citation":
        return this.#chunk({ annotations: [chatAnnotation(event.citation)] });
      case "finish": {
        const stop = event.stopSequence === null ? {} : { stop_sequence: event.stopSequence };
        const reason = finishOf(event.reason, this.#tellsFunctions);
        const logprobs = this.#takeLogprobs();
        this.#finish = this.#text([{ index: 0, delta: {}, logprobs, finish_reason: reason, ...stop }]);
        return null;
      }
      case "tool_end":
      case "usage":
      case "end":
      case "failure":
        return null;
    }
  }

  /** The end of an answer that ended well. */
  close({ usage }: AnswerState): Uint8Array {
    const reported =
      this.#options.forwardUsage && usage?.kind === "usable" ? this.#text([], { usage: openAiUsage(usage.usage) }) : "";
    return encodeUtf8(`${this.#finish ?? ""}${reported}data: [DONE]\n\n`);
  }

  fail(error: ClientError): Uint8Array {
    return writeChatStreamError(error);
  }

  #functionChunk(index: number, call: object): Uint8Array | null {
    return index === 0 ? this.#chunk({ function_call: call }) : null;
  }

  #takeLogprobs(): object | null {
    const tokens = this.#logprobs;
    this.#logprobs = [];
    return chatLogprobs(tokens);
  }

  #chunk(delta: object, logprobs: object | null = null): Uint8Array {
    return encodeUtf8(this.#text([{ index: 0, delta, logprobs, finish_reason: null }]));
  }

  #text(choices: readonly object[], more?: object): string {
    const tail = more ?? (this.#options.forwardUsage ? { usage: null } : {});
    return `data: ${this.#head},${JSON.stringify({ choices, ...tail }).slice(1)}\n\n`;
  }
}
