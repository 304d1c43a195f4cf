/** Draws that a seed determines entirely, so that a decision can be shown again, replayed and tested. */
export class SeededDraws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /**
   * A whole number from 0 to `bound` - 1, each equally likely over all seeds; `bound` is at most 2^32. Draws beyond the
   * last multiple of `bound` are thrown away, because a remainder alone would favour small numbers.
   */
  below(bound: number): number {
    const fair = 2 ** 32 - (2 ** 32 % bound);
    let drawn = this.#next();
    while (drawn >= fair) drawn = this.#next();
    return drawn % bound;
  }

  /** SplitMix32: a counter with Weyl increment through the finaliser of MurmurHash3, a bijection of 32-bit numbers. */
  #next(): number {
    this.#state = (this.#state + 0x9e37_79b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}
