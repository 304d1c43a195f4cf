/** Writes events as one OpenAI chat completion. */
import { truncatedResponse } from "../failure/classify-failure.ts";
import type { CompleteResponse } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { AnswerState } from "./answer-state.ts";
import type { ModelEvent, SealedReasoning } from "./model-event.ts";
import { openAiUsage } from "./openai-usage.ts";

interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; arguments: string };
}

/** Judges a whole answer and translates its body. */
export function writeChatCompletion(events: readonly ModelEvent[], createdSeconds: number): CompleteResponse {
  const state = new AnswerState();
  const draft = new CompletionDraft();
  for (const event of events) {
    state.note(event);
    draft.note(event);
  }
  const verdict = state.verdict();
  if (verdict === "errored" || verdict === "truncated") {
    return { ok: false, failure: state.failure ?? truncatedResponse() };
  }
  const { usage, finishReason } = state;
  const completion = {
    id: draft.id,
    object: "chat.completion",
    created: createdSeconds,
    model: state.model,
    choices: [{ index: 0, message: draft.message(), logprobs: null, finish_reason: finishReason, ...draft.stop }],
    ...(usage?.kind === "usable" ? { usage: openAiUsage(usage.usage) } : {}),
    ...(state.serviceTier === null ? {} : { service_tier: state.serviceTier }),
  };
  return {
    ok: true,
    body: encodeUtf8(JSON.stringify(completion)),
    verdict,
    usage,
    finishReasons: [finishReason],
    empty: verdict === "complete" && !state.contentSeen,
    serviceTier: state.serviceTier,
    model: state.model,
  };
}

class CompletionDraft {
  id: string | null = null;
  stop: { readonly stop_sequence?: string } = {};
  #text = "";
  #reasoning = "";
  #refusal: string | null = null;
  readonly #sealed: SealedReasoning[] = [];
  readonly #toolCalls: ToolCall[] = [];

  note(event: ModelEvent): void {
    switch (event.type) {
      case "start":
        this.id = event.id;
        break;
      case "text":
        this.#text += event.text;
        break;
      case "reasoning":
        this.#reasoning += event.text;
        break;
      case "sealed_reasoning":
        this.#sealed.push(event.block);
        break;
      case "tool_start":
        this.#toolCalls.push({ id: event.id, type: "function", function: { name: event.name, arguments: "" } });
        break;
      case "tool_arguments": {
        const call = this.#toolCalls[event.index];
        if (call !== undefined) call.function.arguments += event.fragment;
        break;
      }
      case "refusal":
        this.#refusal = event.text;
        break;
      case "finish":
        this.stop = event.stopSequence === null ? {} : { stop_sequence: event.stopSequence };
        break;
      case "tool_end":
      case "usage":
      case "end":
      case "failure":
        break;
    }
  }

  message(): object {
    const isSilent = this.#text === "" && (this.#toolCalls.length > 0 || this.#refusal !== null);
    return {
      role: "assistant",
      content: isSilent ? null : this.#text,
      refusal: this.#refusal,
      ...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#sealed.length === 0 ? {} : { reasoning_details: this.#sealed }),
      ...(this.#toolCalls.length === 0 ? {} : { tool_calls: this.#toolCalls }),
    };
  }
}
