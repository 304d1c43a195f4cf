/**
 * The talk with the database about leases: one exchange at a time, first what is given back and then what is asked for,
 * each as one round trip for all quotas. So an ask never counts on what is being given back, and all calls that ran short
 * in one turn of the event loop share a round trip.
 */
import { randomUUID } from "node:crypto";
import type { Logger } from "@switchyard/telemetry/logger";
import type { DatabaseReachability } from "./database-reachability.ts";
import type { LeaseAnswer, LeaseAsk, LeaseDatabase, LeaseReturn, LeaseTotal } from "./lease.repository.ts";
import type { LocalLease } from "./local-lease.ts";
import type { QuotaAccount } from "./quota-account.ts";
import type { QuotaMetrics } from "./quota-metrics.ts";

export interface LeaseExchangeOptions {
  readonly database: LeaseDatabase;
  readonly reachability: DatabaseReachability;
  readonly logger: Pick<Logger, "warn">;
  readonly metrics: Pick<QuotaMetrics, "countAnswer">;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** An account was answered; `isShort`: what its calls wait for is not to be had now. */
  readonly onAnswer: (account: QuotaAccount, isShort: boolean) => void;
  /** What the database says that it granted in all, after an answer was lost. */
  readonly onTotals: (totals: readonly LeaseTotal[]) => void;
  readonly onUnreachable: () => void;
}

export class LeaseExchange {
  readonly #options: LeaseExchangeOptions;
  readonly #asksDue = new Set<QuotaAccount>();
  readonly #returnsDue = new Set<LocalLease>();
  #isScheduled = false;
  #running: Promise<void> | null = null;
  #isMoreDue = false;
  #timer: NodeJS.Timeout | null = null;
  #asksNoMore = false;
  #hasLostAnswers = false;

  constructor(options: LeaseExchangeOptions) {
    this.#options = options;
  }

  askFor(account: QuotaAccount): void {
    if (this.#asksNoMore) return;
    this.#asksDue.add(account);
    this.schedule();
  }

  giveBack(lease: LocalLease): void {
    if (lease.leaseId === null) return;
    this.#returnsDue.add(lease);
    this.schedule();
  }

  /** Goes to work after this turn of the event loop, or right after the exchange that is under way. */
  schedule(): void {
    if (this.#running !== null) {
      this.#isMoreDue = true;
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#running = this.#run().finally(() => {
          this.#running = null;
          this.#scheduleLater();
        });
      });
    }
  }

  /** An ask may have been granted without this process hearing of it. */
  get hasLostAnswers(): boolean {
    return this.#hasLostAnswers;
  }

  get isReturnDue(): boolean {
    return this.#returnsDue.size > 0;
  }

  /** From here on only gives back. */
  stopAsking(): void {
    this.#asksNoMore = true;
    this.#asksDue.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Resolves when nothing is scheduled or under way. */
  async whenQuiet(): Promise<void> {
    while (this.#isScheduled || this.#running !== null) {
      await (this.#running ?? new Promise((resolve) => setImmediate(resolve)));
    }
  }

  async #run(): Promise<void> {
    let failures = 0;
    do {
      this.#isMoreDue = false;
      if (!this.#options.reachability.isReachable) {
        this.#fail();
        return;
      }
      try {
        await this.#findLostGrants();
        await this.#sendReturns();
        await this.#sendAsks();
        failures = 0;
      } catch (error) {
        failures += 1;
        // After a long turn of the event loop a time-out says nothing of the database: its answer may be there unread.
        if (failures === 1) {
          this.#isMoreDue = true;
          continue;
        }
        this.#options.logger.warn({ err: error }, "the database did not answer about quota leases");
        this.#options.reachability.reportFailure();
        this.#fail();
        return;
      }
    } while (this.#isMoreDue);
  }

  /** Before anything else is asked: what was granted unheard may be enough. */
  async #findLostGrants(): Promise<void> {
    if (!this.#hasLostAnswers) return;
    const totals = await this.#options.database.granted();
    this.#hasLostAnswers = false;
    this.#options.onTotals(totals);
  }

  async #sendReturns(): Promise<void> {
    const sent = new Map<LocalLease, LeaseReturn>();
    for (const lease of this.#returnsDue) {
      const item = nextReturn(lease);
      if (item === null) this.#returnsDue.delete(lease);
      else sent.set(lease, item);
    }
    if (sent.size === 0) return;
    await this.#options.database.giveBack([...sent.values()]);
    for (const lease of sent.keys()) {
      if (lease.pendingReturn?.forgets === true) lease.forget();
      lease.pendingReturn = null;
      // A recall that came meanwhile is not answered by what was sent before it.
      if (lease.recallDue === null) this.#returnsDue.delete(lease);
      else this.#isMoreDue = true;
    }
  }

  async #sendAsks(): Promise<void> {
    const { now, random, onAnswer, metrics } = this.#options;
    const asked = [];
    const askedAt = now();
    for (const account of this.#asksDue) {
      const ask = account.ask(askedAt);
      if (ask !== null) asked.push({ account, ...ask });
      else if (account.asksAgainAt === Infinity) this.#asksDue.delete(account);
    }
    if (asked.length === 0) return;
    const answers = await this.#take(asked.map(({ ask }) => ask));
    const answeredAt = now();
    const isShort = new Map<QuotaAccount, boolean>();
    for (const answer of answers) {
      const question = asked[answer.askIndex];
      if (question === undefined) throw new RangeError("an answer to nothing that was asked");
      const { account, purpose } = question;
      metrics.countAnswer(answer.status);
      isShort.set(account, account.answer(answer, purpose, answeredAt, random()) === "refuse_what_is_short");
    }
    // Only when all answers are in: a call may wait for several quotas.
    for (const [account, isShortNow] of isShort) onAnswer(account, isShortNow);
    this.#isMoreDue ||= asked.some(({ account }) => account.asksAgainAt <= answeredAt);
  }

  async #take(asks: readonly LeaseAsk[]): Promise<readonly LeaseAnswer[]> {
    try {
      return await this.#options.database.take(asks);
    } catch (error) {
      this.#hasLostAnswers = true;
      this.#options.metrics.countAnswer("failed");
      throw error;
    }
  }

  #fail(): void {
    for (const account of this.#asksDue) account.fail();
    this.#asksDue.clear();
    this.#options.onUnreachable();
  }

  /** Calls that wait for a recall ask again in a while. */
  #scheduleLater(): void {
    if (this.#isMoreDue) {
      this.schedule();
      return;
    }
    let at = Infinity;
    for (const account of this.#asksDue) at = Math.min(at, account.asksAgainAt);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = at === Infinity ? null : setTimeout(() => this.schedule(), Math.max(0, at - this.#options.now()));
  }
}

/** What to send for a lease: the return whose outcome is still unknown, or else all that is idle; null for nothing. */
function nextReturn(lease: LocalLease): LeaseReturn | null {
  if (lease.leaseId === null) return null;
  if (lease.pendingReturn === null) {
    const amount = lease.takeIdle();
    if (amount === 0n && lease.recallDue === null && !lease.isForgetDue) return null;
    const forgets = lease.isForgetDue;
    lease.pendingReturn = { returnId: randomUUID(), amount, recallAnswered: lease.recallDue, forgets };
    lease.recallDue = null;
  }
  const { returnId, amount, recallAnswered, forgets } = lease.pendingReturn;
  return { leaseId: lease.leaseId, amount: amount.toString(), recallAnswered, returnId, forgets };
}
