/** What is done to a running stack. Every fault heals by itself; `healAll` makes sure of it. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "../stack.ts";
import { withClient } from "../postgres/postgres-process.ts";
import { rehearsalFolder } from "./audit-stack.ts";
import type { Random } from "./random.ts";

export const faultNames = [
  "gateway process killed",
  "gateway killed whole",
  "gateway process frozen",
  "worker killed",
  "database killed",
  "database restarted",
  "database frozen",
  "queue emptied",
  "clock moved",
  "leases expired",
] as const;
export type FaultName = (typeof faultNames)[number];

const clockOffsetsMs = [3_600_000, -3_600_000, 90_000_000, -300_000, 5_000] as const;

export class Nemesis {
  readonly #stack: Stack;
  readonly #random: Random;
  readonly #clockFile: string;
  readonly #frozen = new Set<number>();
  readonly injected = new Map<FaultName, number>();

  constructor(stack: Stack, random: Random) {
    this.#stack = stack;
    this.#random = random;
    this.#clockFile = join(rehearsalFolder(stack.home), "clock-offset-ms");
  }

  /** Gateway processes that were killed, the primary included. */
  gatewayKills = 0;

  async inject(name: FaultName): Promise<void> {
    await this.#faults[name]();
    this.injected.set(name, (this.injected.get(name) ?? 0) + 1);
  }

  /** Everything runs again, and every clock is right. */
  async healAll(): Promise<void> {
    for (const pid of this.#frozen) thaw(pid);
    this.#frozen.clear();
    rmSync(this.#clockFile, { force: true });
    for (const component of ["database", "worker", "control-plane", "gateway"] as const) {
      await this.#stack.waitUntilReady(component);
    }
  }

  readonly #faults: Record<FaultName, () => Promise<void>> = {
    "gateway process killed": async () => {
      const [, ...workers] = this.#stack.processIds("gateway");
      const pid = workers[this.#random.between(0, Math.max(0, workers.length - 1))];
      if (pid !== undefined) this.#killGateways([pid]);
    },
    "gateway killed whole": async () => {
      this.#killGateways(this.#stack.processIds("gateway").toReversed());
      await this.#stack.waitUntilReady("gateway");
    },
    "gateway process frozen": async () => {
      const [, ...workers] = this.#stack.processIds("gateway");
      const pid = workers[this.#random.between(0, Math.max(0, workers.length - 1))];
      if (pid !== undefined) await this.#freeze([pid], 3_000);
    },
    "worker killed": async () => {
      this.#stack.kill("worker", "SIGKILL");
    },
    "database killed": async () => {
      this.#stack.kill("database", "SIGKILL");
      await this.#stack.waitUntilReady("database");
    },
    "database restarted": async () => {
      await this.#stack.stop("database");
      await sleep(1_000);
      await this.#stack.start("database");
    },
    "database frozen": async () => {
      await this.#freeze(this.#stack.processIds("database"), 2_500);
    },
    "queue emptied": async () => {
      // Without a worker there is something in the queue to lose.
      await this.#stack.stop("worker");
      await sleep(1_500);
      await withClient(this.#stack.databaseUrl, (client) =>
        client.query("DELETE FROM bullmq.job WHERE queue = 'usage'"),
      );
      await this.#stack.start("worker");
    },
    "clock moved": async () => {
      writeFileSync(this.#clockFile, String(this.#random.pick(clockOffsetsMs)));
      await sleep(2_000);
      rmSync(this.#clockFile, { force: true });
    },
    // As if every process had been silent for too long, while all of them live and spend.
    "leases expired": async () => {
      await withClient(this.#stack.databaseUrl, (client) =>
        client.query("SELECT quota_expire_leases('0 seconds', '0 seconds')"),
      );
    },
  };

  #killGateways(pids: readonly number[]): void {
    for (const pid of pids) signal(pid, "SIGKILL");
    this.gatewayKills += pids.length;
  }

  async #freeze(pids: readonly number[], forMs: number): Promise<void> {
    for (const pid of pids) {
      this.#frozen.add(pid);
      signal(pid, "SIGSTOP");
    }
    await sleep(forMs);
    for (const pid of pids) {
      thaw(pid);
      this.#frozen.delete(pid);
    }
  }
}

function thaw(pid: number): void {
  signal(pid, "SIGCONT");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
