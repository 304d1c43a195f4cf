import { answerHeaders, appendHeaders } from "../accept/answer-headers.ts";
import type { Call } from "../accept/call.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import { ClientPace } from "../chat/client-pace.ts";
import type { RelayReceiver } from "../upstream/relay-reader.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";

/** Writes bytes to the client as they come, at the client's pace. */
export class RelayWriter implements RelayReceiver {
  readonly #call: Call;
  readonly #admitted: AdmittedCall;
  #pace: ClientPace | null = null;

  constructor(call: Call, admitted: AdmittedCall) {
    this.#call = call;
    this.#admitted = admitted;
  }

  begin(source: StreamSource, contentType: string): void {
    const { response } = this.#call;
    this.#call.status = 200;
    const headers = answerHeaders(this.#call);
    appendHeaders(headers, this.#admitted.rateLimitHeaders());
    headers.push("content-type", contentType);
    this.#call.claim?.copy.begin(contentType);
    response.writeHead(200, headers);
    this.#pace = new ClientPace(response, source);
  }

  write(bytes: Uint8Array): void {
    this.#call.claim?.copy.add(bytes);
    if (this.#call.isClientGone) return;
    this.#call.responseBytes += bytes.length;
    this.#call.response.write(bytes);
    this.#pace?.check();
  }

  finish(isWhole: boolean): void {
    this.#pace?.stop();
    this.#call.isEnding = true;
    if (this.#call.isClientGone) return;
    // An answer in chunks that is cut off lacks its last chunk: every HTTP client takes that for an error.
    if (isWhole) this.#call.response.end();
    else this.#call.response.destroy();
  }
}
