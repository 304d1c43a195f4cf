import type { ClientError } from "../clients/client-protocol.ts";
import type { StreamEnding, StreamScanner, StreamState } from "../provider-codec.ts";

/** Whether a stream that begins so is in the server's own form; null while that cannot be told. */
export type Sniff = (beginning: string) => boolean | null;

const longestBeginning = 65_536;

/** A stream of which only its first bytes show in which of two forms it is. They wait until it is known. */
export class SniffedStream implements StreamScanner {
  readonly #usual: StreamScanner;
  readonly #createNative: () => StreamScanner;
  readonly #sniff: Sniff;
  #chosen: StreamScanner | null = null;
  #held: Uint8Array[] = [];
  #beginning = "";

  constructor(usual: StreamScanner, sniff: Sniff, createNative: () => StreamScanner) {
    this.#usual = usual;
    this.#sniff = sniff;
    this.#createNative = createNative;
  }

  get state(): StreamState {
    return (this.#chosen ?? this.#usual).state;
  }

  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.#chosen !== null) return this.#chosen.push(chunk);
    this.#held.push(chunk);
    // What decides is ASCII, so that characters that are cut here do no harm.
    for (const byte of chunk.subarray(0, longestBeginning)) this.#beginning += String.fromCharCode(byte);
    const isNative = this.#beginning.length > longestBeginning ? false : this.#sniff(this.#beginning);
    return isNative === null ? [] : this.#choose(isNative ? this.#createNative() : this.#usual);
  }

  end(): StreamEnding {
    const forward = this.#chosen === null ? this.#choose(this.#usual) : [];
    const ending = (this.#chosen ?? this.#usual).end();
    return { ...ending, forward: [...forward, ...ending.forward] };
  }

  writeFailure(error: ClientError): Uint8Array {
    return (this.#chosen ?? this.#usual).writeFailure(error);
  }

  #choose(scanner: StreamScanner): readonly Uint8Array[] {
    this.#chosen = scanner;
    const held = this.#held;
    this.#held = [];
    return held.flatMap((chunk) => [...scanner.push(chunk)]);
  }
}
