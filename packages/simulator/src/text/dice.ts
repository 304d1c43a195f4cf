const UINT32_RANGE = 2 ** 32;

/**
 * A reproducible sequence of draws (the small fast counter generator sfc32). Two dice made from the same four words
 * give the same sequence for ever; nothing here reads a clock or the system's randomness.
 */
export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(words: ArrayLike<number>, salt = 0) {
    this.#a = words[0] ?? 0;
    this.#b = words[1] ?? 0;
    this.#c = words[2] ?? 0;
    this.#counter = (words[3] ?? 0) ^ Math.imul(salt, 0x9e3779b9);
    // Neighbouring salts differ in few bits; a dozen rounds spread them over the whole state.
    for (let round = 0; round < 12; round += 1) this.nextUint32();
  }

  /** The next whole number from 0 to 2^32 - 1. */
  nextUint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }

  /** The next fraction, at least 0 and below 1. */
  nextFraction(): number {
    return this.nextUint32() / UINT32_RANGE;
  }

  /** The next whole number from `minimum` to `maximum`, both included. */
  nextInteger(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.nextFraction() * (maximum - minimum + 1));
  }

  /** The next standard-normal value (mean 0, deviation 1). */
  nextNormal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextFraction()));
    return radius * Math.cos(2 * Math.PI * this.nextFraction());
  }

  /** The next 96 bits as 24 lower-case hexadecimal digits, for identifiers. */
  nextHex(): string {
    let hex = "";
    for (let word = 0; word < 3; word += 1) hex += this.nextUint32().toString(16).padStart(8, "0");
    return hex;
  }
}
