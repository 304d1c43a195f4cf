const mostBytes = 64 * 1024 * 1024;
/** As long as the database keeps an answer. */
const windowMs = 10 * 60_000;

/** Bounds what one process has in the database at a time: so many bytes of answers in the time that one is kept. */
export class RetentionAllowance {
  #windowStartMs = 0;
  #taken = 0;

  tryTake(bytes: number, nowMs: number): boolean {
    if (nowMs - this.#windowStartMs >= windowMs || nowMs < this.#windowStartMs) {
      this.#windowStartMs = nowMs;
      this.#taken = 0;
    }
    if (this.#taken + bytes > mostBytes) return false;
    this.#taken += bytes;
    return true;
  }
}
