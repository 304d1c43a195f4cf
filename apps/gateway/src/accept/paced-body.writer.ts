import { ClientPace } from "./client-pace.ts";
import type { StreamSource } from "../upstream/stream-reader.ts";
import type { Call } from "./call.ts";

/** Writes an answer's bytes to the client as they come, at the client's pace. */
export abstract class PacedBodyWriter {
  protected readonly call: Call;
  #pace: ClientPace | null = null;

  constructor(call: Call) {
    this.call = call;
  }

  write(bytes: Uint8Array): void {
    if (this.call.isClientGone) return;
    this.call.responseBytes += bytes.length;
    this.call.response.write(bytes);
    this.#pace?.check();
  }

  finish(isWhole: boolean): void {
    this.#pace?.stop();
    this.call.isEnding = true;
    if (this.call.isClientGone) return;
    // An answer that is cut off lacks its last chunk or some of its length: every HTTP client takes that for an error.
    if (isWhole) this.call.response.end();
    else this.call.response.destroy();
  }

  protected paceBy(source: StreamSource): void {
    this.#pace = new ClientPace(this.call.response, source);
  }
}
