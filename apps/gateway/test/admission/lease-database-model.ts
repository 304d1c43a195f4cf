/**
 * A model of the database's lease functions for tests without a database: the same rules, in memory, for any number of
 * gateways. Integration tests compare behaviour with PostgreSQL itself.
 */
import { randomUUID } from "node:crypto";
import type {
  LeaseAnswer,
  LeaseAsk,
  LeaseDatabase,
  LeaseReturn,
  LeaseTotal,
} from "../../src/admission/lease.repository.ts";

interface ModelLease {
  readonly leaseId: string;
  readonly gatewayId: string;
  outstanding: bigint;
  granted: bigint;
  recallAnswered: number;
  readonly returnIds: Set<string>;
}

interface ModelWindow {
  settled: bigint;
  recallNumber: number;
  readonly leases: Map<string, ModelLease>;
}

export interface ModelQuota {
  limit: bigint;
  /** Null: one window without an end. */
  readonly periodMs: number | null;
}

export type RecallListener = (quotaId: string, windowStartMs: number, recall: number) => void;

export class LeaseDatabaseModel {
  /** The database's clock. */
  nowMs = 1_800_000_000_000;
  isDown = false;
  /** Applies the next calls, but their answers get lost. */
  losesAnswers = false;
  readonly asks: LeaseAsk[][] = [];
  readonly returns: LeaseReturn[][] = [];
  readonly quotas = new Map<string, ModelQuota>();
  /** How a call or a notification takes its time. */
  delay: () => Promise<void> = () => new Promise((resolve) => setImmediate(resolve));
  readonly #windows = new Map<string, ModelWindow>();
  readonly #listeners = new Map<string, RecallListener>();

  connect(gatewayId: string, onRecall: RecallListener): LeaseDatabase {
    this.#listeners.set(gatewayId, onRecall);
    return {
      take: (asks) => this.#call(() => this.#take(gatewayId, asks)),
      giveBack: (returns) => this.#call(() => this.#giveBack(gatewayId, returns)),
      granted: () => this.#call(() => this.#granted(gatewayId)),
    };
  }

  /** settled + leased of the window that an instant lies in. */
  committed(quotaId: string, atMs = this.nowMs): bigint {
    const window = this.#window(quotaId, this.#startOf(quotaId, atMs));
    let committed = window.settled;
    for (const lease of window.leases.values()) committed += lease.outstanding;
    return committed;
  }

  /** What the worker does with the charge of an attempt. */
  settle(quotaId: string, windowStartMs: number, leaseId: string, charged: bigint): void {
    const window = this.#window(quotaId, windowStartMs);
    const lease = [...window.leases.values()].find((candidate) => candidate.leaseId === leaseId);
    if (lease === undefined || lease.outstanding < charged) throw new Error("charged more than was leased");
    lease.outstanding -= charged;
    window.settled += charged;
  }

  /** A process is gone without having given anything back. */
  forget(gatewayId: string): void {
    this.#listeners.delete(gatewayId);
  }

  async #call<T>(apply: () => T): Promise<T> {
    await this.delay();
    if (this.isDown) throw new Error("the database is down");
    const answer = apply();
    await this.delay();
    if (this.losesAnswers) throw new Error("the connection was lost");
    return answer;
  }

  #take(gatewayId: string, asks: readonly LeaseAsk[]): LeaseAnswer[] {
    this.asks.push([...asks]);
    return asks.map((ask, askIndex) => this.#answer(gatewayId, ask, askIndex));
  }

  #answer(gatewayId: string, ask: LeaseAsk, askIndex: number): LeaseAnswer {
    const quota = this.quotas.get(ask.quotaId);
    const unanswered = { askIndex, quotaId: ask.quotaId, leaseId: null, granted: "0", databaseNowMs: this.nowMs };
    if (quota === undefined) {
      return {
        ...unanswered,
        status: "unknown_quota",
        windowStartMs: null,
        windowEndMs: null,
        limit: null,
        remainingAfter: null,
        recallNumber: null,
      };
    }
    const { periodMs, limit } = quota;
    const currentStart = this.#startOf(ask.quotaId, this.nowMs);
    const windowStartMs = ask.at === "next" && periodMs !== null ? currentStart + periodMs : currentStart;
    const window = this.#window(ask.quotaId, windowStartMs);
    const remaining = limit - this.#committedOf(window);
    const minimum = BigInt(ask.minimum) > 0n ? BigInt(ask.minimum) : 1n;
    const about = {
      ...unanswered,
      windowStartMs,
      windowEndMs: periodMs === null ? null : windowStartMs + periodMs,
      limit: limit.toString(),
    };
    if (remaining < minimum) {
      const status = this.#shortage(gatewayId, ask, window, windowStartMs);
      return { ...about, status, remainingAfter: remaining.toString(), recallNumber: window.recallNumber };
    }
    const live = BigInt(Math.max(1, this.#listeners.size));
    const slice = smallest(remaining / (2n * live), limit / 10n);
    const granted = smallest(remaining, largest(largest(minimum, BigInt(ask.wanted)), slice));
    let lease = window.leases.get(gatewayId);
    if (lease === undefined) {
      lease = {
        leaseId: randomUUID(),
        gatewayId,
        outstanding: 0n,
        granted: 0n,
        recallAnswered: window.recallNumber,
        returnIds: new Set(),
      };
      window.leases.set(gatewayId, lease);
    } else if (lease.outstanding === 0n) {
      lease.recallAnswered = window.recallNumber;
    }
    lease.outstanding += granted;
    lease.granted += granted;
    return {
      ...about,
      status: "granted",
      leaseId: lease.leaseId,
      granted: granted.toString(),
      remainingAfter: (remaining - granted).toString(),
      recallNumber: window.recallNumber,
    };
  }

  #shortage(gatewayId: string, ask: LeaseAsk, window: ModelWindow, windowStartMs: number): "recalling" | "exhausted" {
    const answered = [...window.leases.values()]
      .filter(
        (lease) => lease.gatewayId !== gatewayId && lease.outstanding > 0n && this.#listeners.has(lease.gatewayId),
      )
      .map((lease) => lease.recallAnswered);
    if (answered.length === 0) return "exhausted";
    if (ask.recall === null) {
      window.recallNumber += 1;
      const recall = window.recallNumber;
      for (const listener of this.#listeners.values()) {
        void this.delay().then(() => listener(ask.quotaId, windowStartMs, recall));
      }
      return "recalling";
    }
    return Math.min(...answered) < Math.min(ask.recall, window.recallNumber) ? "recalling" : "exhausted";
  }

  #granted(gatewayId: string): LeaseTotal[] {
    const totals: LeaseTotal[] = [];
    for (const [quotaId, quota] of this.quotas) {
      const windowStartMs = this.#startOf(quotaId, this.nowMs);
      const lease = this.#window(quotaId, windowStartMs).leases.get(gatewayId);
      if (lease === undefined) continue;
      const windowEndMs = quota.periodMs === null ? null : windowStartMs + quota.periodMs;
      const grantedTotal = lease.granted.toString();
      totals.push({
        leaseId: lease.leaseId,
        quotaId,
        windowStartMs,
        windowEndMs,
        grantedTotal,
        databaseNowMs: this.nowMs,
      });
    }
    return totals;
  }

  #giveBack(gatewayId: string, returns: readonly LeaseReturn[]): void {
    this.returns.push([...returns]);
    for (const { leaseId, amount, recallAnswered, returnId } of returns) {
      for (const window of this.#windows.values()) {
        const lease = window.leases.get(gatewayId);
        if (lease?.leaseId !== leaseId) continue;
        if (returnId === null || !lease.returnIds.has(returnId)) {
          if (lease.outstanding < BigInt(amount)) throw new Error("returned more than was leased");
          lease.outstanding -= BigInt(amount);
        }
        if (returnId !== null) lease.returnIds.add(returnId);
        lease.recallAnswered = Math.max(lease.recallAnswered, Math.min(recallAnswered ?? 0, window.recallNumber));
      }
    }
  }

  #committedOf(window: ModelWindow): bigint {
    let committed = window.settled;
    for (const lease of window.leases.values()) committed += lease.outstanding;
    return committed;
  }

  #startOf(quotaId: string, atMs: number): number {
    const periodMs = this.quotas.get(quotaId)?.periodMs ?? null;
    return periodMs === null ? 0 : Math.floor(atMs / periodMs) * periodMs;
  }

  #window(quotaId: string, windowStartMs: number): ModelWindow {
    const key = `${quotaId} ${windowStartMs}`;
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = { settled: 0n, recallNumber: 0, leases: new Map() };
      this.#windows.set(key, window);
    }
    return window;
  }
}

function smallest(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function largest(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
