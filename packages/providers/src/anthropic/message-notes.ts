/** What a stream of messages tells, for clients who read it themselves. */
import { writeAnthropicStreamError } from "../clients/anthropic-messages/write-error.ts";
import type { ClientError } from "../clients/client-protocol.ts";
import { StreamFindings } from "../events/stream-findings.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import type { StreamNotes } from "../passage/passing-stream.ts";
import type { ProviderFailure, StreamEnding } from "../provider-codec.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { AnthropicUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Members of a delta that hold what was generated. */
const contentMembers = ["text", "thinking", "partial_json"] as const;
const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n';

export class MessageNotes extends StreamFindings implements StreamNotes {
  readonly #usage = new AnthropicUsage();

  note(event: Fields): void {
    const hasStarted = this.finishReasons.has(0);
    switch (event["type"]) {
      case "message_start":
        // A second message in one stream is the work of something between the provider and us.
        if (hasStarted || !isFields(event["message"])) this.fail(malformedResponse());
        else this.#start(event["message"]);
        break;
      case "content_block_start":
      case "message_stop":
      case "message_delta":
        if (hasStarted) this.#noteOfMessage(event);
        else this.fail(malformedResponse());
        break;
      case "content_block_delta":
        if (isFields(event["delta"])) this.#noteDelta(event["delta"]);
        break;
      case "error":
        this.fail(classifyErrorObject(event["error"]));
        break;
      case undefined:
        this.fail(isFields(event["error"]) ? classifyErrorObject(event["error"]) : malformedResponse());
        break;
      default:
      // `ping`, and events that are yet to be invented: they are for the client to read.
    }
  }

  fail(failure: ProviderFailure): void {
    this.failure ??= failure;
  }

  verdict(): StreamEnding["verdict"] {
    if (this.failure !== null) return "errored";
    if ((this.finishReasons.get(0) ?? null) === null) return "truncated";
    return this.refusalSeen ? "refused" : "complete";
  }

  missingEnd(): Uint8Array | null {
    return this.doneSeen ? null : encodeUtf8(stop);
  }

  writeFailure(error: ClientError): Uint8Array {
    return writeAnthropicStreamError(error);
  }

  #start(message: Fields): void {
    this.finishReasons.set(0, null);
    this.#addUsage(message["usage"]);
    if (typeof message["model"] === "string") this.model = message["model"];
    const { content, stop_reason: reason } = message;
    // What a stream goes on from after tools that the provider ran itself; it may be all of it.
    if (Array.isArray(content) && content.length > 0) this.contentSeen = true;
    if (typeof reason === "string") this.#finish(reason);
  }

  #noteOfMessage({ type, delta, usage }: Fields): void {
    if (type === "content_block_start") this.contentSeen = true;
    if (type === "message_stop") this.doneSeen = true;
    if (type !== "message_delta") return;
    this.#addUsage(usage);
    this.usage = this.#usage.reading();
    const reason = isFields(delta) ? delta["stop_reason"] : undefined;
    if (typeof reason === "string") this.#finish(reason);
  }

  #addUsage(told: unknown): void {
    this.#usage.add(told);
    this.serviceTier = this.#usage.serviceTier;
  }

  #finish(reason: string): void {
    this.usage = this.#usage.reading();
    this.finishReasons.set(0, commonReason(reason));
    if (reason === "refusal") this.refusalSeen = true;
  }

  #noteDelta(delta: Fields): void {
    for (const member of contentMembers) {
      const content = delta[member];
      if (typeof content === "string") this.contentBytes += content.length;
    }
  }
}

/** A plain end has one name in all protocols, by which it is known to be worth remembering; others keep theirs. */
function commonReason(reason: string): string {
  return reason === "end_turn" ? "stop" : reason;
}
