import type { StreamEvent } from "./event-stream.ts";

/** Collects what is to be forwarded as views of the chunks that it came in; events that touch become one view. */
export class ForwardedEvents {
  #pieces: Uint8Array[] = [];
  /** The run of bytes that the next event may extend. */
  #runBytes: Uint8Array | null = null;
  #runStart = 0;
  #runEnd = 0;

  add(event: StreamEvent): void {
    if (this.#runBytes === event.bytes && this.#runEnd === event.start) {
      this.#runEnd = event.end;
      return;
    }
    this.#closeRun();
    this.#runBytes = event.bytes;
    this.#runStart = event.start;
    this.#runEnd = event.end;
  }

  /** Adds bytes behind the events so far. */
  append(bytes: Uint8Array): void {
    this.#closeRun();
    this.#pieces.push(bytes);
  }

  /** All that was collected since the last time. */
  take(): readonly Uint8Array[] {
    this.#closeRun();
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #closeRun(): void {
    if (this.#runBytes !== null) this.#pieces.push(this.#runBytes.subarray(this.#runStart, this.#runEnd));
    this.#runBytes = null;
  }
}
