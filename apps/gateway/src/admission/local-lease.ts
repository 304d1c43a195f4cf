export interface LocalLeaseOptions {
  /** Null for a share that this process allows itself while the database is away. */
  readonly leaseId: string | null;
  /** As the database computed it (epoch ms). */
  readonly windowStartMs: number;
  /** On the monotonic clock; Infinity for a window without an end. */
  readonly endsAt: number;
}

/** A return whose outcome is not known yet: it is repeated with the same id until the database has answered. */
export interface PendingReturn {
  readonly returnId: string;
  readonly amount: bigint;
  readonly recallAnswered: number | null;
  /** The database is to forget what it granted, as this process will. */
  readonly forgets: boolean;
}

/**
 * What this process owns of one quota in one window. No I/O and no clock: amounts in the quota's unit move between
 * `balance` (may be spent) and `held` (calls under way) and leave by being charged or returned, so that
 * granted = balance + held + charged + returned at any time.
 */
export class LocalLease {
  readonly leaseId: string | null;
  readonly windowStartMs: number;
  readonly endsAt: number;
  /** The window has ended: what is left is of no use here. */
  isOver = false;
  /** The newest recall that no return has answered yet. */
  recallDue: number | null = null;
  pendingReturn: PendingReturn | null = null;
  /** This process has no use for it for now, and is to give all of it back and to forget it. */
  isForgetDue = false;
  #isForgotten = false;
  #balance = 0n;
  #held = 0n;
  #charged = 0n;
  /** Used beyond the balance, where use is only known afterwards (tokens): the next grants pay for it. */
  #debt = 0n;
  #lastGrant = 0n;
  #granted = 0n;

  constructor(options: LocalLeaseOptions) {
    this.leaseId = options.leaseId;
    this.windowStartMs = options.windowStartMs;
    this.endsAt = options.endsAt;
  }

  get balance(): bigint {
    return this.#balance;
  }

  get held(): bigint {
    return this.#held;
  }

  /** What calls have used or may still use. */
  get used(): bigint {
    return this.#charged + this.#held;
  }

  /** All that this process knows to have been granted. */
  get granted(): bigint {
    return this.#granted;
  }

  get debt(): bigint {
    return this.#debt;
  }

  /** A quarter of the last grant is left: time to ask for more before a call has to wait for it. */
  get isLow(): boolean {
    return this.#balance * 4n < this.#lastGrant;
  }

  /** Whether nothing is known here that the database does not know: the lease may be dropped from memory. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  /** The database has forgotten what it granted until now; what it grants from here on is counted anew on both sides. */
  forget(): void {
    this.isForgetDue = false;
    this.#granted = 0n;
    this.#isForgotten = this.#balance === 0n && this.#held === 0n && this.#debt === 0n;
  }

  grant(amount: bigint): void {
    this.#isForgotten = false;
    const paid = amount < this.#debt ? amount : this.#debt;
    this.#debt -= paid;
    this.#balance += amount - paid;
    this.#lastGrant = amount;
    this.#granted += amount;
  }

  /** Sets an amount aside for a call; false, and nothing changed, if the balance does not cover it. */
  hold(amount: bigint): boolean {
    if (this.#balance < amount) return false;
    this.#balance -= amount;
    this.#held += amount;
    return true;
  }

  /** Ends a hold: what was not charged is free again. A charge above the hold is taken from the balance, then owed. */
  close(held: bigint, charged: bigint): void {
    this.#held -= held;
    this.#charged += charged;
    if (charged <= held) {
      this.#balance += held - charged;
      return;
    }
    const beyond = charged - held;
    const covered = beyond < this.#balance ? beyond : this.#balance;
    this.#balance -= covered;
    this.#debt += beyond - covered;
  }

  /** Empties the balance, for giving it back. */
  takeIdle(): bigint {
    const idle = this.#balance;
    this.#balance = 0n;
    return idle;
  }
}
