/** Writes events as one OpenAI chat completion. */
import { usesFunctions } from "../../emulation/legacy-functions.ts";
import type { AnswerState } from "../../events/answer-state.ts";
import type { ModelEvent, SealedReasoning, TokenLogprob } from "../../events/model-event.ts";
import type { AnswerOptions } from "../../provider-codec.ts";
import { chatAnnotation } from "./write-annotation.ts";
import { answerHead } from "./answer-head.ts";
import { chatImage } from "./write-image.ts";
import { chatLogprobs } from "./write-logprobs.ts";
import { finishOf } from "./finish-of.ts";
import { openAiUsage } from "./write-usage.ts";

interface ToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; arguments: string };
}

export function writeChatCompletion(
  events: readonly ModelEvent[],
  { model, finishReason, usage, serviceTier }: AnswerState,
  { createdSeconds, request }: Pick<AnswerOptions, "createdSeconds" | "request">,
): object {
  const tellsFunctions = usesFunctions(request);
  const finish = finishOf(finishReason, tellsFunctions);
  const draft = new CompletionDraft();
  for (const event of events) draft.note(event);
  const head = answerHead(draft.id, model, createdSeconds, request);
  return {
    id: head.id,
    object: "chat.completion",
    created: createdSeconds,
    model: head.model,
    choices: [
      {
        index: 0,
        message: draft.message(tellsFunctions),
        logprobs: chatLogprobs(draft.logprobs),
        finish_reason: finish,
        ...draft.stop,
      },
    ],
    ...(usage?.kind === "usable" ? { usage: openAiUsage(usage.usage) } : {}),
    ...(serviceTier === null ? {} : { service_tier: serviceTier }),
  };
}

class CompletionDraft {
  id: string | null = null;
  stop: { readonly stop_sequence?: string } = {};
  readonly logprobs: TokenLogprob[] = [];
  #text = "";
  #reasoning = "";
  #refusal: string | null = null;
  readonly #sealed: SealedReasoning[] = [];
  readonly #toolCalls: ToolCall[] = [];
  readonly #annotations: object[] = [];
  readonly #images: object[] = [];

  note(event: ModelEvent): void {
    switch (event.type) {
      case "start":
        this.id = event.id;
        break;
      case "text":
        this.#text += event.text;
        break;
      case "logprobs":
        this.logprobs.push(...event.tokens);
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
        if (event.text !== null) this.#refusal = (this.#refusal ?? "") + event.text;
        break;
      case "media":
        this.#images.push(chatImage(event));
        break;
      case "citation":
        this.#annotations.push(chatAnnotation(event.citation));
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

  message(tellsFunctions: boolean): object {
    const [first] = this.#toolCalls;
    const called = tellsFunctions ? { function_call: first?.function } : { tool_calls: this.#toolCalls };
    const isSilent = this.#text === "" && (this.#toolCalls.length > 0 || this.#refusal !== null);
    return {
      role: "assistant",
      content: isSilent ? null : this.#text,
      refusal: this.#refusal,
      ...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#sealed.length === 0 ? {} : { reasoning_details: this.#sealed }),
      ...(first === undefined ? {} : called),
      ...(this.#annotations.length === 0 ? {} : { annotations: this.#annotations }),
      ...(this.#images.length === 0 ? {} : { images: this.#images }),
    };
  }
}
