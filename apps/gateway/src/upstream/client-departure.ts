import type { DrainSlots } from "./drain-slots.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import type { UpstreamExchange } from "./upstream-exchange.ts";

const longestDrainMs = 120_000;
const mostDrainBytes = 8 * 1024 * 1024;

/**
 * What happens to an attempt when its client hangs up. Where the provider stops billing on a hang-up, so do we. Elsewhere
 * the answer is paid for anyway and is read on, within bounds, so that its usage is exact; past a bound it is cut and
 * settled at what was counted. A call that carries an Idempotency-Key is read on for the retry that will ask for it.
 */
export class ClientDeparture {
  readonly #attempt: LiveAttempt;
  readonly #exchange: UpstreamExchange;
  readonly #slots: DrainSlots;
  #timer: NodeJS.Timeout | null = null;
  #drainedBytes = 0;

  constructor(attempt: LiveAttempt, exchange: UpstreamExchange, slots: DrainSlots) {
    this.#attempt = attempt;
    this.#exchange = exchange;
    this.#slots = slots;
  }

  watch(): void {
    this.#attempt.order.call.whenClientGone(this.#onClientGone);
  }

  noteBytes(count: number): void {
    if (this.#timer === null) return;
    this.#drainedBytes += count;
    if (this.#drainedBytes > mostDrainBytes) this.#exchange.fail("aborted");
  }

  stopWatching(): void {
    this.#attempt.order.call.forgetListener(this.#onClientGone);
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#slots.release();
  }

  readonly #onClientGone = (): void => {
    const { abortBilling } = this.#attempt.target.connection;
    const isUnwanted = abortBilling === "stops" && this.#attempt.order.call.isAbandoned;
    if (isUnwanted || !this.#slots.tryAcquire()) {
      this.#exchange.fail("aborted");
      return;
    }
    this.#timer = setTimeout(() => this.#exchange.fail("aborted"), longestDrainMs);
    // It may have been paused for a client that was too slow; nobody is waiting now.
    this.#exchange.resume();
  };
}
