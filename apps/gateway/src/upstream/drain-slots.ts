/** How many answers this process may go on reading for clients that have left. */
export class DrainSlots {
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  /** Takes a slot; the caller gives it back with `release`, once. */
  tryAcquire(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  release(): void {
    this.#free += 1;
  }
}
