/**
 * Everything this process knows of one quota: its lease of the current window and of the next one, the calls that wait,
 * and what the database last said. No I/O and no clock; `now` is on the monotonic clock, so that a jump of the wall
 * clock neither opens nor closes a window.
 */
import type { Quota } from "@switchyard/metering/quota";
import type { QuotaRefusal, QuotaWaiter } from "./hold-outcome.ts";
import type { LeaseAnswer, LeaseAsk, LeaseTotal } from "./lease.repository.ts";
import { LocalLease, type LocalLeaseOptions } from "./local-lease.ts";

const exhaustionRememberedMs = 500;
const unknownQuotaRememberedMs = 5_000;
const recallDeadlineMs = 2_000;
const prefetchPauseMs = 250;
const nextWindowPrefetchMs = 1_500;
const minuteMs = 60_000;
const longestPeriodMs = { minute: minuteMs, day: 86_400_000, week: 604_800_000, month: 2_678_400_000 };

export interface PurposefulAsk {
  /** A call that waits; or the time when this lease, or this window, will have run out. */
  readonly purpose: "need" | "prefetch" | "next_window";
  readonly ask: LeaseAsk;
}

export class QuotaAccount {
  quota: Quota;
  /** Calls that wait, first come first served. */
  readonly waiters: QuotaWaiter[] = [];
  current: LocalLease | null = null;
  next: LocalLease | null = null;
  /** Spent while the database is away; what is held of it is forgotten with it. */
  outageShare: LocalLease | null = null;
  /** Leases of windows that are over and still have something held or to be returned. */
  readonly over = new Set<LocalLease>();
  /** When a call last needed it. */
  usedAt = 0;
  /** The database was asked and has not answered, or its answer was lost and not looked up yet. */
  isAsked = false;
  /** What calls need that wait for another quota first: asked for together, so that they wait once. */
  #alsoNeeded: bigint[] = [];
  /** A recall may overtake the very answer that brings the lease it is about. */
  #earlyRecall: { readonly windowStartMs: number; readonly recall: number } | null = null;
  #recall: { readonly number: number; readonly since: number } | null = null;
  #askAgainAt = 0;
  #prefetchAgainAt = 0;
  #isPrefetchDue = false;
  #isNextWindowAsked = false;
  #exhaustedUntil = 0;
  #unknownUntil = 0;
  #remainingElsewhere = 0n;
  #windowEndsAt = Infinity;

  constructor(quota: Quota) {
    this.quota = quota;
  }

  /** True while the database says that there is no such quota: it was archived after this policy was made. */
  isUnknown(now: number): boolean {
    return now < this.#unknownUntil;
  }

  /** What a call may count on: the balance here, and what was left elsewhere when the database last said so. */
  remaining(now: number): bigint {
    this.roll(now);
    const spendable = this.#spendable(now);
    const here = spendable === null ? 0n : spendable.balance - spendable.debt;
    const remaining = here + (now < this.#windowEndsAt ? this.#remainingElsewhere : 0n);
    return remaining > 0n ? remaining : 0n;
  }

  /** Milliseconds until the window ends; null for a window without an end or one that is not known. */
  resetsInMs(now: number): number | null {
    const endsAt = this.current?.endsAt ?? this.#windowEndsAt;
    return endsAt === Infinity ? null : Math.max(0, endsAt - now);
  }

  /** The lease that covers an amount at once; null if the caller has to wait or to be refused. */
  coveringLease(amount: bigint, now: number): LocalLease | null {
    if (this.waiters.length > 0) return null;
    this.roll(now);
    return this.#covering(amount, now);
  }

  /** The same for a call that waits here: only the first one has its turn. */
  coveringLeaseInTurn(waiter: QuotaWaiter, amount: bigint, now: number): LocalLease | null {
    if (this.waiters.length > 0 && this.waiters[0] !== waiter) return null;
    this.roll(now);
    return this.#covering(amount, now);
  }

  /** The database is back: from here on only what it has leased may be spent. */
  closeOutageShare(): void {
    this.outageShare = null;
  }

  /** Whether it is already known that asking the database would not help. */
  isKnownShort(amount: bigint, now: number): boolean {
    return now < this.#exhaustedUntil && now < this.#windowEndsAt && amount > this.remaining(now);
  }

  refusal(why: QuotaRefusal["why"], now: number): QuotaRefusal {
    return { quota: this.quota, why, remaining: this.remaining(now), resetsInMs: this.resetsInMs(now) };
  }

  needsToo(amount: bigint): void {
    this.#alsoNeeded.push(amount);
  }

  /** To be called after something was spent: has the account ask for more before it runs dry. */
  noteSpending(now: number): boolean {
    if (this.#isPrefetchDue) return true;
    if (this.current === null || !this.current.isLow || now < this.#prefetchAgainAt) return false;
    this.#isPrefetchDue = true;
    return true;
  }

  /** What to ask the database for now; null if nothing, or not yet. */
  ask(now: number): PurposefulAsk | null {
    const ask = this.#nextAsk(now);
    this.isAsked ||= ask !== null;
    return ask;
  }

  /** Whether no call needs it and nothing is under way, so that it may be given back and forgotten. */
  isIdle(now: number): boolean {
    this.roll(now);
    const isNeeded = this.waiters.length > 0 || this.#alsoNeeded.length > 0;
    if (isNeeded || this.isAsked || this.next !== null || this.over.size > 0 || this.outageShare !== null) return false;
    return this.current === null || (this.current.held === 0n && this.current.debt === 0n);
  }

  /** Nothing is asked for ahead of need any more. */
  rest(): void {
    this.#isPrefetchDue = false;
  }

  #nextAsk(now: number): PurposefulAsk | null {
    this.roll(now);
    if (this.waiters.length > 0 || this.#alsoNeeded.length > 0) {
      return now < this.#askAgainAt ? null : { purpose: "need", ask: this.#askForNeeds() };
    }
    this.#recall = null;
    if (this.#isPrefetchDue) {
      this.#isPrefetchDue = false;
      this.#prefetchAgainAt = now + prefetchPauseMs;
      return { purpose: "prefetch", ask: this.#askAhead("now") };
    }
    if (this.isNextWindowDue(now)) {
      this.#isNextWindowAsked = true;
      return { purpose: "next_window", ask: this.#askAhead("next") };
    }
    return null;
  }

  /** When `ask` will have something to say without being told more; Infinity if only a call can cause that. */
  get asksAgainAt(): number {
    return this.waiters.length > 0 ? this.#askAgainAt : Infinity;
  }

  /** Whether it is time to lease the next minute, before it begins. */
  isNextWindowDue(now: number): boolean {
    return (
      this.quota.period === "minute" &&
      this.current !== null &&
      this.current.used > 0n &&
      this.next === null &&
      !this.#isNextWindowAsked &&
      now >= this.current.endsAt - nextWindowPrefetchMs
    );
  }

  /** Takes in the answer to `ask`. Says how the calls that wait are to be treated. */
  answer(
    answer: LeaseAnswer,
    purpose: PurposefulAsk["purpose"],
    now: number,
    jitter: number,
  ): "serve" | "refuse_what_is_short" {
    this.isAsked = false;
    if (answer.status === "unknown_quota") {
      this.#unknownUntil = now + unknownQuotaRememberedMs;
      this.#settle();
      return "serve";
    }
    const endsAt = answer.windowEndMs === null ? Infinity : now + (answer.windowEndMs - answer.databaseNowMs);
    if (purpose !== "next_window") {
      this.#windowEndsAt = endsAt;
      this.#remainingElsewhere = BigInt(answer.remainingAfter ?? 0);
    }
    if (answer.status === "granted") {
      this.#addGrant(answer, endsAt, purpose);
      if (purpose === "need") this.#settle();
      return "serve";
    }
    if (purpose !== "need") return "serve";
    if (answer.status === "recalling") {
      // Later answers name the newest recall, which may be another process's: this one waits for its own.
      this.#recall ??= { number: answer.recallNumber ?? 0, since: now };
      if (now - this.#recall.since < recallDeadlineMs) {
        this.#alsoNeeded = [];
        this.#askAgainAt = now + 10 + 10 * jitter;
        return "serve";
      }
    }
    this.#exhaustedUntil = now + exhaustionRememberedMs;
    this.#settle();
    return "refuse_what_is_short";
  }

  /** Takes in what was granted without this process hearing of it; null where nothing was. */
  recover(total: LeaseTotal, now: number): LocalLease | null {
    const { leaseId, windowStartMs, windowEndMs, databaseNowMs } = total;
    const missing = BigInt(total.grantedTotal) - (this.leaseOfWindow(windowStartMs)?.granted ?? 0n);
    if (missing <= 0n) return null;
    const endsAt = windowEndMs === null ? Infinity : now + (windowEndMs - databaseNowMs);
    const isNext = this.current !== null && now < this.current.endsAt && windowStartMs > this.current.windowStartMs;
    const lease = this.#leaseFor({ leaseId, windowStartMs, endsAt }, isNext);
    lease.grant(missing);
    return lease;
  }

  /** The database did not answer: whatever was asked for is as good as not asked. */
  fail(): void {
    this.#isNextWindowAsked = false;
    this.isAsked = false;
    this.#settle();
  }

  /** The database is away: an even share of the limit, less what was used of it in this window already. */
  openOutageShare(liveGateways: number, now: number): void {
    this.roll(now);
    if (this.outageShare !== null && now < this.outageShare.endsAt) return;
    const { period, limit } = this.quota;
    const share = BigInt(limit) / BigInt(Math.max(1, liveGateways));
    const allowed = (share > 0n ? share : 1n) - (this.current?.used ?? 0n) - (this.current?.balance ?? 0n);
    const periodMs = period === "total" || period === "concurrent" ? Infinity : longestPeriodMs[period];
    this.outageShare = new LocalLease({
      leaseId: null,
      windowStartMs: this.current?.windowStartMs ?? 0,
      endsAt: this.current?.endsAt ?? now + periodMs,
    });
    this.outageShare.grant(allowed > 0n ? allowed : 0n);
  }

  /** Moves on to the next window when this one has ended. */
  roll(now: number): void {
    if (this.outageShare !== null && now >= this.outageShare.endsAt) this.outageShare = null;
    if (this.current === null || now < this.current.endsAt) return;
    this.current.isOver = true;
    // A minute that is over is of no use to anybody; of a budget's day, what is left may still be asked for.
    if (this.quota.period !== "minute") this.over.add(this.current);
    this.current = this.next !== null && now < this.next.endsAt ? this.next : null;
    this.next = null;
    this.#isNextWindowAsked = false;
    this.#exhaustedUntil = 0;
    this.#remainingElsewhere = 0n;
    this.#windowEndsAt = this.current?.endsAt ?? Infinity;
  }

  leaseOfWindow(windowStartMs: number): LocalLease | null {
    for (const lease of this.leases()) if (lease.windowStartMs === windowStartMs) return lease;
    return null;
  }

  /** Another process asked for what this one has to spare; null while this process does not know of such a lease. */
  recalled(windowStartMs: number, recall: number): LocalLease | null {
    const lease = this.leaseOfWindow(windowStartMs);
    if (lease === null) this.#earlyRecall = { windowStartMs, recall };
    else lease.recallDue = Math.max(recall, lease.recallDue ?? 0);
    return lease;
  }

  /** Every lease that the database knows of. */
  *leases(): Iterable<LocalLease> {
    if (this.current !== null) yield this.current;
    if (this.next !== null) yield this.next;
    yield* this.over;
  }

  #covering(amount: bigint, now: number): LocalLease | null {
    if (this.current !== null && this.current.balance >= amount) return this.current;
    const share = this.#spendable(now);
    return share !== null && share.balance >= amount ? share : null;
  }

  #spendable(now: number): LocalLease | null {
    return this.outageShare !== null && now < this.outageShare.endsAt ? this.outageShare : this.current;
  }

  #askForNeeds(): LeaseAsk {
    const owned = (this.current?.balance ?? 0n) - (this.current?.debt ?? 0n);
    const needed = [...this.waiters.map((waiter) => waiter.amount), ...this.#alsoNeeded];
    const [first = 0n] = needed;
    let total = 0n;
    for (const amount of needed) total += amount;
    return {
      ...this.#asked(),
      minimum: atLeastOne(first - owned).toString(),
      wanted: atLeastOne(total - owned).toString(),
      recall: this.#recall?.number ?? null,
      at: "now",
    };
  }

  // Recall number 0 is older than any: an ask ahead of need never makes another process give back.
  #askAhead(at: LeaseAsk["at"]): LeaseAsk {
    return { ...this.#asked(), minimum: "1", wanted: "1", recall: 0, at };
  }

  #asked(): Pick<LeaseAsk, "quotaId" | "memberOf" | "member"> {
    const { quotaId, memberOf, scopeId } = this.quota;
    return memberOf === undefined ? { quotaId } : { quotaId, memberOf, member: scopeId };
  }

  #addGrant(answer: LeaseAnswer, endsAt: number, purpose: PurposefulAsk["purpose"]): void {
    const { leaseId, windowStartMs } = answer;
    if (leaseId === null || windowStartMs === null) throw new Error("a grant without a lease");
    const lease = this.#leaseFor({ leaseId, windowStartMs, endsAt }, purpose === "next_window");
    lease.grant(BigInt(answer.granted));
    this.outageShare = null;
  }

  #leaseFor(options: LocalLeaseOptions, isNext: boolean): LocalLease {
    const known = this.leaseOfWindow(options.windowStartMs);
    if (known !== null) return known;
    const lease = new LocalLease(options);
    if (isNext) this.next = lease;
    else this.#replaceCurrent(lease);
    if (this.#earlyRecall?.windowStartMs === options.windowStartMs) lease.recallDue = this.#earlyRecall.recall;
    this.#earlyRecall = null;
    return lease;
  }

  #replaceCurrent(lease: LocalLease): void {
    if (this.current !== null) {
      this.current.isOver = true;
      this.over.add(this.current);
    }
    this.current = lease;
  }

  #settle(): void {
    this.#alsoNeeded = [];
    this.#recall = null;
    this.#askAgainAt = 0;
  }
}

function atLeastOne(amount: bigint): bigint {
  return amount > 0n ? amount : 1n;
}
