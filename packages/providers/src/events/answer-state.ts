import type { StreamEnding } from "../provider-codec.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import type { FinishReason, ModelEvent } from "./model-event.ts";
import { StreamFindings } from "./stream-findings.ts";

/** What an answer has told so far, whatever protocol it came in. */
export class AnswerState extends StreamFindings {
  pictureSeen = false;
  /** By index; the text of the arguments so far. */
  readonly #toolArguments: string[] = [];

  get finishReason(): string | null {
    return this.finishReasons.get(0) ?? null;
  }

  note(event: ModelEvent): void {
    switch (event.type) {
      case "start":
        this.model = event.model;
        this.finishReasons.set(0, null);
        break;
      case "text":
      case "reasoning":
        this.#noteContent(event.text);
        break;
      case "tool_start":
        this.#toolArguments[event.index] = "";
        this.contentSeen = true;
        break;
      case "tool_arguments":
        this.#toolArguments[event.index] += event.fragment;
        this.#noteContent(event.fragment);
        break;
      case "refusal":
        this.refusalSeen = true;
        this.#noteContent(event.text ?? "");
        break;
      case "media":
        // What a picture costs does not go by its bytes.
        this.contentSeen = true;
        this.pictureSeen = true;
        break;
      case "usage":
        this.usage = event.usage;
        this.serviceTier = event.serviceTier ?? this.serviceTier;
        break;
      case "finish":
        this.#noteFinish(event.reason);
        break;
      case "failure":
        this.failure ??= event.failure;
        break;
      case "end":
        this.doneSeen = true;
        break;
      case "logprobs":
      case "sealed_reasoning":
      case "citation":
      case "tool_end":
        break;
    }
  }

  verdict(): StreamEnding["verdict"] {
    if (this.failure !== null) return "errored";
    if (this.finishReason === null) return "truncated";
    if (this.refusalSeen) return "refused";
    return this.finishReason === "content_filter" ? "filtered" : "complete";
  }

  #noteContent(text: string): void {
    if (text === "") return;
    this.contentSeen = true;
    this.contentBytes += text.length;
  }

  #noteFinish(reason: FinishReason): void {
    // Arguments that a length limit cut are invalid by design; any others are an answer that no client can act on.
    if (reason !== "length" && !this.#toolArguments.every(isJson)) this.failure ??= malformedResponse();
    else this.finishReasons.set(0, reason);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
