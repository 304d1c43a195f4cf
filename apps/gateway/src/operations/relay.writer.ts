import { answerHeaders, appendHeaders } from "../accept/answer-headers.ts";
import type { Call } from "../accept/call.ts";
import { PacedBodyWriter } from "../accept/paced-body.writer.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import type { RelayReceiver } from "../upstream/relay-reader.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";

/** Writes bytes to the client as they come, and keeps a copy for retries where one was asked for. */
export class RelayWriter extends PacedBodyWriter implements RelayReceiver {
  readonly #admitted: AdmittedCall;

  constructor(call: Call, admitted: AdmittedCall) {
    super(call);
    this.#admitted = admitted;
  }

  begin(source: StreamSource, contentType: string): void {
    this.call.status = 200;
    const headers = answerHeaders(this.call);
    appendHeaders(headers, this.#admitted.rateLimitHeaders());
    headers.push("content-type", contentType);
    this.call.claim?.copy.begin(contentType);
    this.call.response.writeHead(200, headers);
    this.paceBy(source);
  }

  override write(bytes: Uint8Array): void {
    this.call.claim?.copy.add(bytes);
    super.write(bytes);
  }
}
