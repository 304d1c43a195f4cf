/** What a stream of OpenAI's Responses tells, for clients who read it themselves. */
import { encodeResponseEvents, failureEvents } from "../clients/openai-responses/write-failure.ts";
import type { ClientError } from "../clients/client-protocol.ts";
import { StreamFindings } from "../events/stream-findings.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import type { StreamNotes } from "../passage/passing-stream.ts";
import type { ProviderFailure, StreamEnding, UsageReading } from "../provider-codec.ts";
import { readOpenAiUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

export class ResponseNotes extends StreamFindings implements StreamNotes {
  #response: Fields = {};
  #sequence = 0;
  #callsTools = false;

  note(event: Fields): void {
    const { type, response, delta } = event;
    if (type === "error" || (type === undefined && isFields(event["error"]))) {
      return this.fail(classifyErrorObject(isFields(event["error"]) ? event["error"] : event));
    }
    if (typeof type !== "string") return this.fail(malformedResponse());
    if (typeof event["sequence_number"] === "number") this.#sequence = event["sequence_number"] + 1;
    if (isFields(response)) this.#response = response;
    if (type.endsWith(".delta") && typeof delta === "string") this.#noteDelta(type, delta);
    else if (type === "response.output_item.added") this.#noteItem(event["item"]);
    else if (isFields(response)) this.noteResponse(response);
  }

  /** Takes what a response says of itself: when it has begun, and when it has ended. */
  noteResponse(response: Fields): void {
    const { status, model, usage, service_tier: serviceTier, incomplete_details: details } = response;
    if (!this.finishReasons.has(0)) this.finishReasons.set(0, null);
    if (typeof model === "string") this.model = model;
    if (typeof serviceTier === "string") this.serviceTier = serviceTier;
    if (isFields(usage)) this.usage = readResponsesUsage(usage);
    switch (status) {
      case "completed":
        // Some servers leave the items out of the response that ends the stream.
        this.#end(this.#callsTools || hasCall(response) ? "tool_calls" : "stop");
        break;
      case "incomplete":
        this.#end(isFields(details) && details["reason"] === "content_filter" ? "content_filter" : "length");
        break;
      case "failed":
      case "cancelled":
        this.fail(classifyErrorObject(response["error"]));
        break;
      default:
      // It goes on.
    }
  }

  fail(failure: ProviderFailure): void {
    this.failure ??= failure;
  }

  verdict(): StreamEnding["verdict"] {
    if (this.failure !== null) return "errored";
    if (!this.doneSeen) return "truncated";
    if (this.refusalSeen) return "refused";
    return this.finishReasons.get(0) === "content_filter" ? "filtered" : "complete";
  }

  missingEnd(): null {
    return null;
  }

  writeFailure(error: ClientError): Uint8Array {
    return encodeResponseEvents(failureEvents(error, this.#response, this.#sequence));
  }

  #end(finishReason: string): void {
    this.finishReasons.set(0, finishReason);
    this.doneSeen = true;
  }

  #noteDelta(type: string, delta: string): void {
    this.contentSeen = true;
    this.contentBytes += delta.length;
    if (type === "response.refusal.delta") this.refusalSeen = true;
  }

  #noteItem(item: unknown): void {
    // Calls, searches and the like say something by being there; a message may turn out to be empty.
    if (isFields(item) && item["type"] !== "message" && item["type"] !== "reasoning") this.contentSeen = true;
    if (isCall(item)) this.#callsTools = true;
  }
}

function hasCall({ output }: Fields): boolean {
  return Array.isArray(output) && output.some(isCall);
}

function isCall(item: unknown): boolean {
  return isFields(item) && item["type"] === "function_call";
}

/** Responses' usage is that of chat completions under other names. */
function readResponsesUsage(usage: Fields): UsageReading {
  return readOpenAiUsage(
    {
      prompt_tokens: usage["input_tokens"],
      prompt_tokens_details: usage["input_tokens_details"],
      completion_tokens: usage["output_tokens"],
      completion_tokens_details: usage["output_tokens_details"],
      total_tokens: usage["total_tokens"],
    },
    "chat",
  );
}
