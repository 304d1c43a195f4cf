import { setTimeout as sleep } from "node:timers/promises";
import { buildReceipt, isForAnswer, type Receipt } from "@switchyard/metering/receipt";
import { timestampOfUuidV7 } from "@switchyard/secrets/random-id";
import { GatewayError } from "../errors/gateway-error.ts";
import type { RecentCalls } from "./recent-calls.ts";
import type { LedgerRecords, ReceiptSource } from "./receipt.repository.ts";

/** A call that has just ended may have been another process's: its records reach the ledger in a second or two. */
const freshMs = 60_000;
const patienceMs = 3_000;
const pauseMs = 250;
const mostWaiting = 100;

/** Finds the receipt of a call: in this process's memory, else in the ledger. */
export class ReceiptFinder {
  readonly #recent: RecentCalls;
  readonly #ledger: ReceiptSource;
  #waiting = 0;

  constructor(recent: RecentCalls, ledger: ReceiptSource) {
    this.#recent = recent;
    this.#ledger = ledger;
  }

  /** Throws GatewayError: receipt_not_found (also for a call of another project), receipt_unavailable. */
  async find(requestId: string, projectId: string): Promise<Receipt> {
    const madeAtMs = madeAt(requestId);
    if (madeAtMs === null) throw notFound();
    const remembered = await this.#recent.find(requestId, madeAtMs, projectId, Date.now());
    if (remembered !== null) return buildReceipt(remembered.request, remembered.attempts);
    const found = await this.#await(requestId, madeAtMs, projectId, isWhole);
    if (found === null) throw notFound();
    return buildReceipt(found.request, found.attempts, found.corrections);
  }

  /**
   * Whether the project has made a call of this id; null where nobody can tell, because the database is away. A call that has
   * just ended in another process is waited for, as receipts are.
   */
  async isCallOf(requestId: string, madeAtMs: number, projectId: string): Promise<boolean | null> {
    if (await this.#recent.isCallOf(requestId, projectId)) return true;
    try {
      return (await this.#await(requestId, madeAtMs, projectId, () => true)) !== null;
    } catch (error) {
      if (error instanceof GatewayError && error.code === "receipt_unavailable") return null;
      throw error;
    }
  }

  async #await(
    requestId: string,
    madeAtMs: number,
    projectId: string,
    isEnough: (found: LedgerRecords) => boolean,
  ): Promise<LedgerRecords | null> {
    const giveUpAt = performance.now() + (Date.now() - madeAtMs < freshMs ? patienceMs : 0);
    for (;;) {
      const found = await this.#look(requestId, madeAtMs, projectId);
      if (found !== null && isEnough(found)) return found;
      if (this.#waiting >= mostWaiting || performance.now() >= giveUpAt) return null;
      this.#waiting += 1;
      await sleep(pauseMs);
      this.#waiting -= 1;
    }
  }

  async #look(requestId: string, madeAtMs: number, projectId: string): Promise<LedgerRecords | null> {
    try {
      return await this.#ledger.find(requestId, madeAtMs, projectId);
    } catch (cause) {
      throw new GatewayError("receipt_unavailable", "The ledger cannot be read at the moment.", {
        retryAfterSeconds: 5,
        cause,
      });
    }
  }
}

function isWhole({ request, attempts }: LedgerRecords): boolean {
  return attempts.filter(isForAnswer).length === request.attempts;
}

function madeAt(requestId: string): number | null {
  try {
    return timestampOfUuidV7(requestId);
  } catch {
    return null;
  }
}

function notFound(): GatewayError {
  return new GatewayError("receipt_not_found", "There is no call of this id.");
}
