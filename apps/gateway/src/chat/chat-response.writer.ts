import type { ClientError } from "@switchyard/providers/clients/client-protocol";
import type { ProviderFailure } from "@switchyard/providers/provider-codec";
import { answerHeaders, appendHeaders, costHeader } from "../accept/answer-headers.ts";
import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import { clientError } from "../errors/error-body.ts";
import { errorOfFailure } from "../errors/error-of-failure.ts";
import type { RememberedAnswer } from "../response-cache/answer-memory.ts";
import type { CompleteAnswer } from "../upstream/complete-reader.ts";
import type { StreamReceiver, StreamSource } from "../upstream/stream-reader.ts";
import { ClientPace } from "../accept/client-pace.ts";

const eventStream = "text/event-stream; charset=utf-8";
const streamHeaders: readonly string[] = [
  "content-type",
  eventStream,
  "cache-control",
  "no-cache, no-transform",
  "x-accel-buffering",
  "no",
];
const silenceMs = 15_000;
const lastWordPatienceMs = 5_000;

/** Writes a whole completion: the provider's own bytes, behind our headers. */
export function writeCompletion(call: Call, admitted: AdmittedCall, answer: CompleteAnswer): void {
  writeCompleteAnswer(call, answer.body, admitted.rateLimitHeaders());
}

/** Writes a remembered answer in the form in which it was first given. */
export function replayAnswer(call: Call, answer: RememberedAnswer): void {
  if (!call.isStream) return writeCompleteAnswer(call, answer.body);
  call.status = 200;
  call.responseBytes = answer.body.byteLength;
  call.claim?.copy.begin(eventStream);
  call.claim?.copy.add(answer.body);
  call.response.writeHead(200, [...answerHeaders(call), ...costHeader(call), ...streamHeaders]);
  call.response.end(answer.body);
}

/**
 * Writes a stream to the client at the client's pace. A stream that fails after its first byte ends in an error event and
 * a closed connection, never in a `[DONE]` that its provider did not send.
 */
export class ChatStreamWriter implements StreamReceiver {
  readonly #call: Call;
  readonly #admitted: AdmittedCall;
  readonly #copy: Uint8Array[] | null;
  #pace: ClientPace | null = null;
  #pingTimer: NodeJS.Timeout | undefined;

  constructor(call: Call, admitted: AdmittedCall, options: { readonly keepsCopy: boolean }) {
    this.#call = call;
    this.#admitted = admitted;
    this.#copy = options.keepsCopy ? [] : null;
  }

  /** Every byte of the answer, where a copy was asked for. */
  get copy(): Buffer | null {
    return this.#copy === null ? null : Buffer.concat(this.#copy);
  }

  begin(source: StreamSource): void {
    const { response } = this.#call;
    this.#call.status = 200;
    const headers = answerHeaders(this.#call);
    appendHeaders(headers, this.#admitted.rateLimitHeaders());
    headers.push(...streamHeaders);
    this.#call.claim?.copy.begin(eventStream);
    response.writeHead(200, headers);
    this.#pace = new ClientPace(response, source);
    this.#pingTimer = setTimeout(ping, silenceMs, this);
  }

  write(bytes: Uint8Array): void {
    this.#call.claim?.copy.add(bytes);
    if (this.#call.isClientGone) return;
    this.#copy?.push(bytes);
    this.#call.responseBytes += bytes.length;
    this.#call.response.write(bytes);
    this.#pingTimer?.refresh();
    this.#pace?.check();
  }

  finish(failure: ProviderFailure | null, write: (error: ClientError) => Uint8Array): void {
    clearTimeout(this.#pingTimer);
    this.#pace?.stop();
    const { response } = this.#call;
    this.#call.isEnding = true;
    if (this.#call.isClientGone) return;
    if (failure === null) {
      response.end();
      return;
    }
    const destroy = (): void => void response.destroy();
    response.write(write(clientError(errorOfFailure(failure))), destroy);
    // The callback waits for a client that reads; one that does not is not waited for long.
    setTimeout(destroy, lastWordPatienceMs).unref();
  }

  /** A comment, which every client skips: it keeps proxies from taking silence for a dead connection. */
  ping(): void {
    if (this.#call.isClientGone || this.#call.isEnding) return;
    this.#call.response.write(": ping\n\n");
    this.#pingTimer?.refresh();
  }
}

function ping(writer: ChatStreamWriter): void {
  writer.ping();
}
