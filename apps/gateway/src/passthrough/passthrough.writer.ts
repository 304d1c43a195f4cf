import { answerHeaders, appendHeaders } from "../accept/answer-headers.ts";
import type { ResponseHeaders } from "@switchyard/providers/provider-codec";
import type { Call } from "../accept/call.ts";
import { PacedBodyWriter } from "../accept/paced-body.writer.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";
import { answerHeadersOf } from "./passthrough-headers.ts";
import type { PassthroughReceiver } from "./passthrough.reader.ts";

interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
}

/** Writes a provider's answer to the client as it comes, at the client's pace. */
export class PassthroughWriter extends PacedBodyWriter implements PassthroughReceiver {
  readonly #admitted: AdmittedCall;
  #refusal: Refusal | null = null;

  constructor(call: Call, admitted: AdmittedCall) {
    super(call);
    this.#admitted = admitted;
  }

  begin(source: StreamSource, status: number, headers: ResponseHeaders): void {
    this.#writeHead(status, headers);
    this.paceBy(source);
  }

  keepRefusal(status: number, headers: ResponseHeaders, body: Buffer): void {
    this.#refusal = { status, headers, body };
  }

  /** Answers with what the provider refused the call with; false where there is no such answer. */
  writeRefusal(): boolean {
    if (this.#refusal === null || this.call.isClientGone) return false;
    const { status, headers, body } = this.#refusal;
    this.#writeHead(status, headers);
    this.write(body);
    this.finish(true);
    return true;
  }

  #writeHead(status: number, provider: ResponseHeaders): void {
    this.call.status = status;
    const headers = answerHeaders(this.call);
    appendHeaders(headers, this.#admitted.rateLimitHeaders());
    appendHeaders(headers, answerHeadersOf(provider));
    this.call.response.writeHead(status, headers);
  }
}
