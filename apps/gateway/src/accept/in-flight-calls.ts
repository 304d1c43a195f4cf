import { GatewayError } from "../errors/gateway-error.ts";
import type { Call } from "./call.ts";

/** The calls that this process is working on: how many it may have, and when the last one is done. */
export class InFlightCalls {
  readonly #mostCalls: number;
  /** In no order, each at its seat: a Set would keep what calls leave behind alive for the garbage collector (see OpenHolds). */
  readonly #calls: Call[] = [];
  #isDraining = false;
  #onEmpty: (() => void) | null = null;

  constructor(mostCalls: number) {
    this.#mostCalls = mostCalls;
  }

  get count(): number {
    return this.#calls.length;
  }

  get streams(): number {
    let streams = 0;
    for (const call of this.#calls) if (call.isStream) streams += 1;
    return streams;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Throws `overloaded` where this process has as much work as it may have. */
  add(call: Call): void {
    if (this.#calls.length >= this.#mostCalls) {
      throw new GatewayError("overloaded", "The gateway is at its limit of concurrent calls.", {
        retryAfterSeconds: 1,
      });
    }
    call.seat = this.#calls.push(call) - 1;
    if (this.#isDraining) call.isLastOnConnection = true;
  }

  remove(call: Call): void {
    const { seat } = call;
    if (seat === null) return;
    call.seat = null;
    const last = this.#calls.pop();
    if (last !== undefined && last !== call) {
      last.seat = seat;
      this.#calls[seat] = last;
    }
    if (this.#calls.length === 0) this.#onEmpty?.();
  }

  /** From now on answers say `connection: close`. */
  startDraining(): void {
    this.#isDraining = true;
  }

  /** Waits for the calls under way; answers how many had not ended by the deadline. */
  async whenEmpty(deadlineMs: number): Promise<number> {
    if (this.#calls.length === 0) return 0;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, deadlineMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return this.#calls.length;
  }
}
