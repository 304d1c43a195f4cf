/**
 * The quotas that this process spends from leases of its own (DESIGN section 5). A call holds all it needs in one
 * synchronous step, or nothing. Where a lease runs short, calls wait in the order they came while the database is asked
 * for more.
 */
import type { Quota } from "@switchyard/metering/quota";
import type { HoldOutcome, QuotaHeld, QuotaNeed, QuotaRefusal, QuotaWaiter } from "./hold-outcome.ts";
import { LeaseExchange, type LeaseExchangeOptions } from "./lease-exchange.ts";
import type { LeaseTotal } from "./lease.repository.ts";
import type { LocalLease } from "./local-lease.ts";
import { defaultMemberEviction, membersToEvict, type MemberEvictionOptions } from "./member-eviction.ts";
import { QuotaAccount } from "./quota-account.ts";

export type QuotaLeasesOptions = Pick<LeaseExchangeOptions, "database" | "reachability" | "logger" | "metrics"> &
  Partial<Pick<LeaseExchangeOptions, "now" | "random">> & { readonly memberEviction?: MemberEvictionOptions };

const tickMs = 250;
const evictionEveryMs = 2_000;
const longestWaitMs = 5_000;
const anyRecall = 2 ** 31 - 1;
const nothingHeld: HoldOutcome = { kind: "held", held: [] };

export class QuotaLeases {
  readonly #reachability: QuotaLeasesOptions["reachability"];
  readonly #now: () => number;
  readonly #exchange: LeaseExchange;
  readonly #accounts = new Map<string, QuotaAccount>();
  readonly #ticker: NodeJS.Timeout;
  readonly #memberEviction: MemberEvictionOptions;
  #evictAt = 0;

  constructor(options: QuotaLeasesOptions) {
    const { now = () => performance.now(), random = Math.random } = options;
    this.#reachability = options.reachability;
    this.#now = now;
    this.#memberEviction = options.memberEviction ?? defaultMemberEviction;
    this.#exchange = new LeaseExchange({
      ...options,
      now,
      random,
      onAnswer: (account, isShort) => this.#onAnswer(account, isShort),
      onTotals: (totals) => this.#onTotals(totals),
      onUnreachable: () => this.#answerWithoutDatabase(),
    });
    this.#ticker = setInterval(() => this.tick(), tickMs).unref();
    options.reachability.onRecovered(() => this.#onDatabaseBack());
  }

  /** Holds all of `needs` or nothing: at once where this process owns enough, else when the database has answered. */
  hold(needs: readonly QuotaNeed[]): HoldOutcome | Promise<HoldOutcome> {
    if (needs.length === 0) return nothingHeld;
    const now = this.#now();
    const held = this.#tryHold(needs, null, now);
    if (held !== null) return { kind: "held", held };
    const outcome = this.#outcomeWithoutAsking(needs, now);
    if (outcome !== null) return outcome;
    return new Promise((answer) => {
      this.#enqueue({ needs, answer, giveUpAt: now + longestWaitMs, amount: 0n }, now);
    });
  }

  /** Ends a hold; `charged` is what was used of it, or beyond it where use is only known afterwards. */
  close({ quota, lease, amount }: QuotaHeld, charged: bigint): void {
    lease.close(amount, charged);
    const account = this.#accounts.get(quota.quotaId);
    if (account === undefined) return;
    if (lease.isOver) this.#tidy(account, lease);
    else if (account.waiters.length > 0) this.#serve(account, this.#now());
  }

  /** What this process knows of a quota, for headers; null before anything was asked of it. */
  knowledgeOf(quota: Quota): { readonly remaining: bigint; readonly resetsInMs: number | null } | null {
    const account = this.#accounts.get(quota.quotaId);
    if (account === undefined) return null;
    const now = this.#now();
    return { remaining: account.remaining(now), resetsInMs: account.resetsInMs(now) };
  }

  /** Another process is short of what this one does not use: all of that goes back at once. */
  answerRecall(quotaId: string, windowStartMs: number, recall: number): void {
    const lease = this.#accounts.get(quotaId)?.recalled(windowStartMs, recall) ?? null;
    if (lease !== null) this.#exchange.giveBack(lease);
  }

  /** Recalls may have been missed: answers every one that there can have been. */
  answerAllRecalls(): void {
    for (const account of this.#accounts.values()) {
      for (const lease of account.leases()) {
        lease.recallDue = anyRecall;
        this.#exchange.giveBack(lease);
      }
    }
  }

  /** Looks after what no call causes: windows that end, the next minute's lease, returns to repeat. */
  tick(): void {
    const now = this.#now();
    for (const account of this.#accounts.values()) {
      account.roll(now);
      for (const lease of account.over) this.#tidy(account, lease);
      if (account.waiters.length > 0 || account.isNextWindowDue(now)) this.#exchange.askFor(account);
    }
    if (now >= this.#evictAt) this.#evictMembers(now);
    if (this.#exchange.isReturnDue) this.#exchange.schedule();
  }

  /** Counters in memory: one for each quota, and one for each user or session that called lately. */
  get size(): number {
    return this.#accounts.size;
  }

  /** In two steps: what has been given back and forgotten by the database is dropped, what is idle is given back. */
  #evictMembers(now: number): void {
    this.#evictAt = now + evictionEveryMs;
    for (const account of membersToEvict(this.#accounts.values(), this.#memberEviction, now)) {
      account.rest();
      const { current } = account;
      if (current === null || current.isForgotten) {
        this.#accounts.delete(account.quota.quotaId);
      } else if (current.leaseId !== null) {
        current.isForgetDue = true;
        this.#exchange.giveBack(current);
      }
    }
  }

  /**
   * Gives everything back that is not held; to be called when no call is under way any more. False when the database may
   * still count something as leased that this process does not have: the next boot has to release this one.
   */
  async returnEverything(): Promise<boolean> {
    clearInterval(this.#ticker);
    this.#exchange.stopAsking();
    if (this.#exchange.hasLostAnswers) this.#exchange.schedule();
    await this.#exchange.whenQuiet();
    for (const account of this.#accounts.values()) {
      for (const lease of account.leases()) this.#exchange.giveBack(lease);
    }
    await this.#exchange.whenQuiet();
    return !this.#exchange.isReturnDue && !this.#exchange.hasLostAnswers;
  }

  /** All or nothing, in this one step. `waiter` is the call itself if it stands in a queue. */
  #tryHold(needs: readonly QuotaNeed[], waiter: QuotaWaiter | null, now: number): QuotaHeld[] | null {
    const held: QuotaHeld[] = [];
    for (const { quota, amount } of needs) {
      const account = this.#accountOf(quota);
      if (amount === 0n || account.isUnknown(now)) continue;
      const lease =
        waiter === null ? account.coveringLease(amount, now) : account.coveringLeaseInTurn(waiter, amount, now);
      if (lease === null) return null;
      held.push({ quota, lease, amount });
    }
    for (const { quota, lease, amount } of held) {
      lease.hold(amount);
      const account = this.#accountOf(quota);
      account.usedAt = now;
      if (account.noteSpending(now)) this.#exchange.askFor(account);
    }
    return held;
  }

  /** What can be said without the database: because it is known that it would not help, or because it is away. */
  #outcomeWithoutAsking(needs: readonly QuotaNeed[], now: number): HoldOutcome | null {
    const { isReachable, liveGateways } = this.#reachability;
    for (const { quota, amount } of needs) {
      const account = this.#accountOf(quota);
      if (amount === 0n || account.isUnknown(now) || account.coveringLease(amount, now) !== null) continue;
      if (account.isKnownShort(amount, now)) return refused(account.refusal("exhausted", now));
      if (isReachable) continue;
      // A rate limit must not turn a database outage into an outage; money that nobody can count must.
      if (quota.unit === "pico_usd") return refused(account.refusal("unavailable", now));
      account.openOutageShare(liveGateways, now);
      if (account.coveringLease(amount, now) === null) return refused(account.refusal("exhausted", now));
    }
    const held = isReachable ? null : this.#tryHold(needs, null, now);
    return held === null ? null : { kind: "held", held };
  }

  /** Stands in the queue of the first quota that is short; the others that are short are asked for at the same time. */
  #enqueue(waiter: QuotaWaiter, now: number): void {
    let isQueued = false;
    for (const { quota, amount } of waiter.needs) {
      const account = this.#accountOf(quota);
      if (amount === 0n || account.isUnknown(now) || account.coveringLease(amount, now) !== null) continue;
      if (isQueued) {
        account.needsToo(amount);
      } else {
        waiter.amount = amount;
        account.waiters.push(waiter);
        isQueued = true;
      }
      this.#exchange.askFor(account);
    }
  }

  #onAnswer(account: QuotaAccount, isShort: boolean): void {
    const now = this.#now();
    this.#serve(account, now);
    for (const lease of account.leases()) if (lease.recallDue !== null) this.#exchange.giveBack(lease);
    if (!isShort) return;
    const remaining = account.remaining(now);
    const fits = (waiter: QuotaWaiter) => waiter.amount <= remaining && now < waiter.giveUpAt;
    const waiters = account.waiters.splice(0);
    account.waiters.push(...waiters.filter(fits));
    for (const waiter of waiters) if (!fits(waiter)) waiter.answer(refused(account.refusal("exhausted", now)));
  }

  #onTotals(totals: readonly LeaseTotal[]): void {
    const now = this.#now();
    for (const account of this.#accounts.values()) account.isAsked = false;
    for (const total of totals) {
      const account = this.#accounts.get(total.quotaId);
      const lease = account?.recover(total, now) ?? null;
      if (account === undefined || lease === null) continue;
      this.#serve(account, now);
      if (lease.recallDue !== null) this.#exchange.giveBack(lease);
    }
  }

  /** Lets calls through in their order, as far as the lease goes. */
  #serve(account: QuotaAccount, now: number): void {
    for (let waiter = account.waiters[0]; waiter !== undefined; waiter = account.waiters[0]) {
      if (!account.isUnknown(now) && account.coveringLeaseInTurn(waiter, waiter.amount, now) === null) return;
      const held = this.#tryHold(waiter.needs, waiter, now);
      account.waiters.shift();
      if (held !== null) waiter.answer({ kind: "held", held });
      else this.#moveOn(waiter, account, now);
    }
  }

  /** This quota is covered, another one is short by now: the call waits there, and keeps nobody waiting here. */
  #moveOn(waiter: QuotaWaiter, from: QuotaAccount, now: number): void {
    const outcome = this.#outcomeWithoutAsking(waiter.needs, now);
    if (outcome !== null) waiter.answer(outcome);
    else if (now >= waiter.giveUpAt) waiter.answer(refused(from.refusal("exhausted", now)));
    else this.#enqueue(waiter, now);
  }

  #answerWithoutDatabase(): void {
    const now = this.#now();
    const waiters: [QuotaAccount, QuotaWaiter][] = [];
    for (const account of this.#accounts.values()) {
      for (const waiter of account.waiters.splice(0)) waiters.push([account, waiter]);
    }
    for (const [account, waiter] of waiters) {
      waiter.answer(this.#outcomeWithoutAsking(waiter.needs, now) ?? refused(account.refusal("unavailable", now)));
    }
  }

  #onDatabaseBack(): void {
    for (const account of this.#accounts.values()) account.closeOutageShare();
    this.#exchange.schedule();
  }

  /** A lease of a window that is over: what comes free of it goes back, and then it is forgotten. */
  #tidy(account: QuotaAccount, lease: LocalLease): void {
    if (!account.over.has(lease)) return;
    if (lease.balance > 0n || lease.pendingReturn !== null) this.#exchange.giveBack(lease);
    else if (lease.held === 0n) account.over.delete(lease);
  }

  #accountOf(quota: Quota): QuotaAccount {
    let account = this.#accounts.get(quota.quotaId);
    if (account === undefined) {
      account = new QuotaAccount(quota);
      account.usedAt = this.#now();
      this.#accounts.set(quota.quotaId, account);
    }
    account.quota = quota;
    return account;
  }
}

function refused(refusal: QuotaRefusal): HoldOutcome {
  return { kind: "refused", refusal };
}
