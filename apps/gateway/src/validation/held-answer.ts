const mostBytesOfAll = 256 * 1024 * 1024;
let bytesOfAll = 0;

/** The pieces of an answer that is held back until it is whole. Bounded for itself, and all of a process's together. */
export class HeldAnswer {
  readonly #mostBytes: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Takes pieces, whatever their size. False: it is now longer than may be held. */
  keep(pieces: readonly Uint8Array[]): boolean {
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
      bytesOfAll += piece.length;
    }
    return this.#bytes <= this.#mostBytes && bytesOfAll <= mostBytesOfAll;
  }

  get pieces(): readonly Uint8Array[] {
    return this.#pieces;
  }

  /** Gives up what is held. A second call gives nothing. */
  release(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    bytesOfAll -= this.#bytes;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }
}
