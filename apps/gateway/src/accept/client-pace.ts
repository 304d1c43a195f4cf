import type { ServerResponse } from "node:http";
import type { StreamSource } from "../upstream/stream-reader.ts";

const mostBufferedBytes = 256 * 1024;
const stallMs = 60_000;

/**
 * Back-pressure from client to provider: above 256 KiB of unsent bytes the source is paused until they are out. A client
 * that takes nothing for a minute is hung up on.
 */
export class ClientPace {
  readonly #response: ServerResponse;
  readonly #source: StreamSource;
  #stallTimer: NodeJS.Timeout | null = null;
  #unsentBytes = 0;

  constructor(response: ServerResponse, source: StreamSource) {
    this.#response = response;
    this.#source = source;
  }

  /** Call it after each write. */
  check(): void {
    if (this.#stallTimer !== null || this.#response.writableLength <= mostBufferedBytes) return;
    this.#source.pause();
    this.#response.once("drain", this.#onDrain);
    this.#unsentBytes = this.#response.writableLength;
    this.#stallTimer = setTimeout(this.#onStall, stallMs);
  }

  stop(): void {
    if (this.#stallTimer === null) return;
    clearTimeout(this.#stallTimer);
    this.#stallTimer = null;
    this.#response.off("drain", this.#onDrain);
  }

  readonly #onDrain = (): void => {
    this.stop();
    this.#source.resume();
  };

  readonly #onStall = (): void => {
    const unsentBytes = this.#response.writableLength;
    if (unsentBytes >= this.#unsentBytes) {
      this.#response.destroy();
      return;
    }
    this.#unsentBytes = unsentBytes;
    this.#stallTimer?.refresh();
  };
}
