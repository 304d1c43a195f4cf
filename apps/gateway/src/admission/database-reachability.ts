/** Whether the database answers, as the heartbeat and the leases find out, and how many gateways it last counted. */
export class DatabaseReachability {
  #isReachable = false;
  #liveGateways: number;
  readonly #onRecovered: (() => void)[] = [];
  readonly #onLost: (() => void)[] = [];

  constructor(assumedLiveGateways: number) {
    this.#liveGateways = assumedLiveGateways;
  }

  /** False until the first heartbeat was answered: without one this process counts for nothing in a recall. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  get liveGateways(): number {
    return this.#liveGateways;
  }

  onRecovered(listener: () => void): void {
    this.#onRecovered.push(listener);
  }

  onLost(listener: () => void): void {
    this.#onLost.push(listener);
  }

  reportAnswer(liveGateways: number): void {
    this.#liveGateways = Math.max(1, liveGateways);
    if (this.#isReachable) return;
    this.#isReachable = true;
    for (const listener of this.#onRecovered) listener();
  }

  reportFailure(): void {
    if (!this.#isReachable) return;
    this.#isReachable = false;
    for (const listener of this.#onLost) listener();
  }
}
