import { answerHeaders, appendHeaders } from "../accept/answer-headers.ts";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { Call } from "../accept/call.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import { ClientPace } from "../chat/client-pace.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";
import { answerHeadersOf } from "./passthrough-headers.ts";
import type { PassthroughReceiver } from "./passthrough.reader.ts";

interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

/** Writes a provider's answer to the client as it comes, at the client's pace. */
export class PassthroughWriter implements PassthroughReceiver {
  readonly #call: Call;
  readonly #admitted: AdmittedCall;
  #pace: ClientPace | null = null;
  #refusal: Refusal | null = null;

  constructor(call: Call, admitted: AdmittedCall) {
    this.#call = call;
    this.#admitted = admitted;
  }

  begin(source: StreamSource, status: number, headers: ResponseHeaders): void {
    this.#writeHead(status, headers);
    this.#pace = new ClientPace(this.#call.response, source);
  }

  write(bytes: Uint8Array): void {
    if (this.#call.isClientGone) return;
    this.#call.responseBytes += bytes.length;
    this.#call.response.write(bytes);
    this.#pace?.check();
  }

  finish(isWhole: boolean): void {
    this.#pace?.stop();
    this.#call.isEnding = true;
    if (this.#call.isClientGone) return;
    // An answer that is cut off lacks its last chunk or some of its length: every HTTP client takes that for an error.
    if (isWhole) this.#call.response.end();
    else this.#call.response.destroy();
  }

  keepRefusal(status: number, headers: ResponseHeaders, body: Buffer): void {
    this.#refusal = { status, headers, body };
  }

  /** Answers with what the provider refused the call with; false where there is no such answer. */
  writeRefusal(): boolean {
    if (this.#refusal === null || this.#call.isClientGone) return false;
    const { status, headers, body } = this.#refusal;
    this.#writeHead(status, headers);
    this.write(body);
    this.finish(true);
    return true;
  }

  #writeHead(status: number, provider: ResponseHeaders): void {
    this.#call.status = status;
    const headers = answerHeaders(this.#call);
    appendHeaders(headers, this.#admitted.rateLimitHeaders());
    appendHeaders(headers, answerHeadersOf(provider));
    this.#call.response.writeHead(status, headers);
  }
}
