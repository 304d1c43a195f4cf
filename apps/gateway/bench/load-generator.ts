/**
 * Makes calls and measures them, in a process of its own so that its cost is nobody else's. Takes a plan as JSON in its
 * one argument, prints the result as JSON. `hold` opens streams, waits for their first byte, says so on standard output
 * and keeps them open until its standard input ends.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type Dispatcher } from "undici";

export interface LoadPlan {
  readonly mode: "complete" | "stream" | "hold";
  readonly url: string;
  readonly key: string;
  readonly body: string;
  readonly calls: number;
  readonly concurrency: number;
  /** Clients begin one after the other over this time, not all in the same instant. */
  readonly spreadMs: number;
}

export interface LoadResult {
  readonly seconds: number;
  readonly failures: number;
  /** Milliseconds to the end of each answer, sorted. */
  readonly latenciesMs: number[];
  /** Milliseconds to the first byte of each body, sorted. */
  readonly firstBytesMs: number[];
}

class Measurement implements Dispatcher.DispatchHandler {
  readonly #startedAt = performance.now();
  readonly #result: LoadResult & { failures: number };
  readonly #done: () => void;
  readonly #onFirstByte: () => void;
  #status = 0;
  #isFirst = true;

  constructor(result: LoadResult & { failures: number }, onFirstByte: () => void, done: () => void) {
    this.#result = result;
    this.#onFirstByte = onFirstByte;
    this.#done = done;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(): void {
    if (!this.#isFirst) return;
    this.#isFirst = false;
    this.#result.firstBytesMs.push(performance.now() - this.#startedAt);
    this.#onFirstByte();
  }

  onResponseEnd(): void {
    this.#result.latenciesMs.push(performance.now() - this.#startedAt);
    if (this.#status !== 200) this.#result.failures += 1;
    this.#done();
  }

  onResponseError(): void {
    this.#result.failures += 1;
    this.#done();
  }
}

async function run(plan: LoadPlan): Promise<void> {
  const { origin, pathname } = new URL(plan.url);
  const pool = new Pool(origin, { connections: plan.concurrency, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
  const headers = { "content-type": "application/json", authorization: `Bearer ${plan.key}` };
  const result = { seconds: 0, failures: 0, latenciesMs: [] as number[], firstBytesMs: [] as number[] };
  const startedAt = performance.now();
  let begun = 0;
  const onFirstByte = (): void => {
    begun += 1;
    if (plan.mode === "hold" && begun === plan.calls) process.stdout.write("holding\n");
  };
  const call = async (): Promise<void> =>
    new Promise((resolve) => {
      const measurement = new Measurement(result, onFirstByte, resolve);
      pool.dispatch({ method: "POST", path: pathname, headers, body: plan.body }, measurement);
    });
  if (plan.mode === "hold") {
    process.stdin.on("end", () => process.exit(0)).resume();
    await Promise.all(Array.from({ length: plan.calls }, call));
    return;
  }
  let left = plan.calls;
  await Promise.all(
    Array.from({ length: plan.concurrency }, async (_, client) => {
      await sleep((plan.spreadMs * client) / plan.concurrency);
      while (left-- > 0) await call();
    }),
  );
  result.seconds = (performance.now() - startedAt) / 1000;
  result.latenciesMs.sort((a, b) => a - b);
  result.firstBytesMs.sort((a, b) => a - b);
  process.stdout.write(JSON.stringify(result));
  await pool.close();
}

await run(JSON.parse(process.argv[2] ?? "{}") as LoadPlan);
