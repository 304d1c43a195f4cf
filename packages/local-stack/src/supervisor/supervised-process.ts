/**
 * One long-running child: started, watched, restarted with growing pauses for as long as it is wanted, stopped within a
 * deadline. It leads its own process group, so Ctrl-C reaches only the supervisor, which then stops children in order.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../operator-error.ts";
import { cutLog, findLastWords, logSize, openLog } from "./process-log.ts";
import type { Reaper } from "./reaper.ts";
import { restartDelayMs, stableAfterMs } from "./restart-delay.ts";

const logLimitBytes = 20_000_000;
const logCheckMs = 30_000;
const failedStartsToGiveUpAfter = 3;

export interface ProcessDefinition {
  name: string;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  account?: { uid: number; gid: number } | null;
  logFile: string;
  /** Asks for an orderly end; SIGKILL follows after `stopTimeoutMs`. */
  stopSignal: NodeJS.Signals;
  stopTimeoutMs: number;
  /** Runs before every start, for what a crash of the last one may have left behind. */
  beforeStart?: () => Promise<void>;
  /** May throw OperatorError when waiting longer is of no use. */
  isReady: () => Promise<boolean>;
}

/** What a supervisor tells the person at the terminal. */
export type ProcessEvent =
  | { type: "restarting"; name: string; reason: string; delayMs: number; failures: number }
  | { type: "recovered"; name: string }
  | { type: "killed"; name: string; stopTimeoutMs: number };

export class SupervisedProcess {
  readonly definition: ProcessDefinition;
  readonly #reaper: Reaper;
  readonly #report: (event: ProcessEvent) => void;
  #child: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #wanted = false;
  #failures = 0;
  #lastWords = "";
  #wasReady = false;
  /** Ends in a row that came before the child was ready. */
  #failedStarts = 0;
  #isUp = false;
  #doomed: ChildProcess | null = null;
  #wakeUp = new AbortController();

  constructor(definition: ProcessDefinition, reaper: Reaper, report: (event: ProcessEvent) => void) {
    this.definition = definition;
    this.#reaper = reaper;
    this.#report = report;
  }

  /** The running child, or null while there is none. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Starts the child and keeps it running until `stop`. Does not wait for it to be ready. */
  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    this.#failedStarts = 0;
    const wakeUp = new AbortController();
    this.#wakeUp = wakeUp;
    this.#ended = this.#ended.then(() => this.#keepRunning(wakeUp.signal));
  }

  /** Ends the child in an orderly way, or forcibly after its deadline. Resolves once it is gone. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#wakeUp.abort();
    const { stopSignal, stopTimeoutMs, name } = this.definition;
    this.kill(stopSignal);
    const deadline = setTimeout(() => {
      this.#report({ type: "killed", name, stopTimeoutMs });
      this.#killGroup();
    }, stopTimeoutMs);
    await this.#ended;
    clearTimeout(deadline);
  }

  /** Ends the child at once; it is not restarted. */
  async destroy(): Promise<void> {
    this.#wanted = false;
    this.#wakeUp.abort();
    this.#killGroup();
    await this.#ended;
  }

  /** Sends a signal to the child. If that ends it, it is restarted like after any other failure. */
  kill(signal: NodeJS.Signals): void {
    if (signal === "SIGKILL") this.#doomed = this.#child;
    this.#child?.kill(signal);
  }

  /**
   * Resolves when the child answers as ready.
   * @throws OperatorError when it fails repeatedly or takes longer than `timeoutMs`; the message says why.
   */
  async waitUntilReady(timeoutMs: number): Promise<void> {
    const { name, logFile } = this.definition;
    const deadline = Date.now() + timeoutMs;
    while (!(await this.#isReady())) {
      if (!this.#wanted) throw new OperatorError(`${name} was stopped before it was ready.`);
      if (this.#failedStarts >= failedStartsToGiveUpAfter) {
        throw new OperatorError(`${name} does not start: ${this.#lastWords} (log: ${logFile}).`);
      }
      if (Date.now() > deadline) {
        throw new OperatorError(`${name} is not ready after ${timeoutMs / 1000} s (log: ${logFile}).`);
      }
      await sleep(50);
    }
  }

  async #isReady(): Promise<boolean> {
    const child = this.#child;
    try {
      // A child that was killed may still answer while the news of its end is on the way.
      if (child === null || child === this.#doomed || !(await this.definition.isReady())) return false;
    } catch (error) {
      if (error instanceof OperatorError) throw error;
      return false;
    }
    if (child === this.#child) this.#isUp = this.#wasReady = true;
    return child === this.#child;
  }

  async #keepRunning(wakeUp: AbortSignal): Promise<void> {
    while (!wakeUp.aborted) {
      const startedAt = Date.now();
      const reason = await this.#runOnce();
      if (wakeUp.aborted) return;
      this.#failedStarts = this.#isUp ? 0 : this.#failedStarts + 1;
      if (Date.now() - startedAt >= stableAfterMs) this.#failures = 0;
      this.#failures += 1;
      this.#lastWords = reason;
      const delayMs = restartDelayMs(this.#failures, Math.random());
      // Until it was ready once, whoever waits for that hears of it.
      if (this.#wasReady) {
        this.#report({ type: "restarting", name: this.definition.name, reason, delayMs, failures: this.#failures });
      }
      await sleep(delayMs, undefined, { signal: wakeUp }).catch(() => undefined);
      if (this.#wasReady && !wakeUp.aborted) void this.#reportRecovery(wakeUp);
    }
  }

  async #reportRecovery(wakeUp: AbortSignal): Promise<void> {
    const failures = this.#failures;
    while (!wakeUp.aborted && failures === this.#failures) {
      if (await this.#isReady().catch(() => false)) {
        this.#report({ type: "recovered", name: this.definition.name });
        return;
      }
      await sleep(100);
    }
  }

  /** Runs the child to its end and returns why it ended. */
  async #runOnce(): Promise<string> {
    const { command, args, env, account, logFile, stopSignal, beforeStart } = this.definition;
    try {
      await beforeStart?.();
    } catch (error) {
      return (error as Error).message;
    }
    if (!this.#wanted) return "";
    const from = logSize(logFile);
    const log = openLog(logFile);
    const child = spawn(command, args, {
      cwd: "/",
      env,
      detached: true,
      stdio: ["ignore", log, log],
      ...account,
    });
    closeSync(log);
    const { pid } = child;
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    if (pid === undefined) return await ended;
    this.#child = child;
    this.#isUp = false;
    this.#reaper.add(pid, stopSignal);
    const rotation = setInterval(() => cutLog(logFile, logLimitBytes), logCheckMs);
    const how = await ended;
    clearInterval(rotation);
    // What it forked must not hold its ports or its files when the next one starts.
    this.#killGroup();
    this.#child = null;
    this.#reaper.drop(pid);
    const words = how.startsWith("exit code") ? findLastWords(logFile, from) : "";
    return words === "" ? how : `${how}, ${words}`;
  }

  #killGroup(): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // The whole group is gone already.
    }
  }
}
