const DEFAULT_MOST_REQUESTS = 1_000;
const MOST_BODY_BYTES = 64 << 20;

/** A request exactly as it arrived. */
export interface ReceivedRequest {
  readonly number: number;
  readonly receivedAtMs: number;
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, in the order and spelling in which they came. */
  readonly rawHeaders: readonly string[];
  readonly attemptId: string | null;
  readonly body: Buffer;
  readonly bodySha256: string;
}

/** The newest requests, bounded in number and in bytes; whatever was asked of the provider, even nonsense. */
export class ReceivedRequests {
  readonly #mostRequests: number;
  readonly #requests: (ReceivedRequest | undefined)[] = [];
  #oldestNumber = 1;
  #nextNumber = 1;
  #bodyBytes = 0;

  constructor(mostRequests: number = DEFAULT_MOST_REQUESTS) {
    this.#mostRequests = mostRequests;
  }

  /** Keeps a request and returns its number, counted from 1. */
  add(request: Omit<ReceivedRequest, "number">): number {
    const isFull = (): boolean =>
      this.#count === this.#mostRequests || this.#bodyBytes + request.body.length > MOST_BODY_BYTES;
    while (this.#count > 0 && isFull()) this.#dropOldest();
    const number = this.#nextNumber;
    this.#nextNumber += 1;
    this.#requests[number % this.#mostRequests] = { number, ...request };
    this.#bodyBytes += request.body.length;
    return number;
  }

  /** The kept requests, newest first. */
  *newestFirst(): Generator<ReceivedRequest> {
    for (let number = this.#nextNumber - 1; number >= this.#oldestNumber; number -= 1) {
      const request = this.#requests[number % this.#mostRequests];
      if (request !== undefined) yield request;
    }
  }

  clear(): void {
    this.#requests.length = 0;
    this.#bodyBytes = 0;
    this.#oldestNumber = this.#nextNumber;
  }

  get #count(): number {
    return this.#nextNumber - this.#oldestNumber;
  }

  #dropOldest(): void {
    const slot = this.#oldestNumber % this.#mostRequests;
    this.#bodyBytes -= this.#requests[slot]?.body.length ?? 0;
    this.#requests[slot] = undefined;
    this.#oldestNumber += 1;
  }
}
