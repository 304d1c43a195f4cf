import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { CountingResult, CountingTask } from "./tokenizer.thread.ts";
import type { Encoding } from "./tokenizer-of-model.ts";

const mostWaiting = 64;
/** The first task also waits for its encoding to be loaded. */
const patienceMs = 3_000;
const idleMs = 120_000;

/** Counts tokens on a thread that is started when it is first needed and ended when it is not needed any more. */
export class TokenCounter {
  readonly #waiting = new Map<number, (tokens: number | null) => void>();
  readonly #patienceMs: number;
  #thread: Worker | null = null;
  #idleTimer: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(options: { readonly patienceMs?: number } = {}) {
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  /** Null where the count is not to be had in time: the thread is busy, or the text is made to keep it busy. */
  count(texts: readonly string[], encoding: Encoding): Promise<number | null> {
    if (this.#waiting.size >= mostWaiting) return Promise.resolve(null);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      // A thread that is stuck in a text helps nobody after it either.
      const timer = setTimeout(() => void this.close(), this.#patienceMs);
      this.#waiting.set(id, (tokens) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(tokens);
      });
      clearTimeout(this.#idleTimer);
      this.#running().postMessage({ id, texts, encoding } satisfies CountingTask);
    });
  }

  /** Ends the thread; whoever waits for it gets no count. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    clearTimeout(this.#idleTimer);
    for (const answer of this.#waiting.values()) answer(null);
    await thread?.terminate();
  }

  #running(): Worker {
    if (this.#thread !== null) return this.#thread;
    const thread = new Worker(new URL(`./tokenizer.thread${extname(import.meta.url)}`, import.meta.url));
    thread.unref();
    thread.on("message", ({ id, tokens }: CountingResult) => {
      this.#waiting.get(id)?.(tokens);
      if (this.#waiting.size === 0) this.#idleTimer = setTimeout(() => void this.close(), idleMs).unref();
    });
    thread.on("error", () => {
      if (this.#thread === thread) void this.close();
    });
    this.#thread = thread;
    return thread;
  }
}
