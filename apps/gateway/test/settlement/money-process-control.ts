/** Starts a money process, reads what it tells, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Quota } from "@switchyard/metering/quota";

export interface MoneyProcessOptions {
  readonly gatewayUrl: string;
  readonly directory: string;
  readonly gatewayId: string;
  readonly quotas: readonly Quota[];
  /** Calls to make, `lanes` of them at a time. */
  readonly calls: number;
  readonly lanes: number;
}

const program = join(import.meta.dirname, "money-process.ts");
const patienceMs = 50_000;

export class MoneyProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #stderr = "";

  constructor(options: MoneyProcessOptions) {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.#closed = new Promise((resolve) => child.once("close", () => resolve()));
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (this.#stderr += chunk));
  }

  /** Ids of the attempts that the provider saw. */
  get dispatched(): string[] {
    return this.lines.filter((line) => line.startsWith("dispatched")).map((line) => line.slice("dispatched ".length));
  }

  refused(code: string): number {
    return this.lines.filter((line) => line === `refused ${code}`).length;
  }

  /** Waits for what the process tells; throws if it ends before, or takes too long. */
  async until(condition: (lines: readonly string[]) => boolean): Promise<void> {
    const end = performance.now() + patienceMs;
    while (!condition(this.lines)) {
      const { exitCode, signalCode } = this.#child;
      if (exitCode !== null || signalCode !== null) throw new Error(`the process ended: ${this.#stderr}`);
      if (performance.now() > end) throw new Error(`waited too long after: ${this.lines.slice(-3).join(", ")}`);
      await sleep(10);
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#closed;
  }
}
