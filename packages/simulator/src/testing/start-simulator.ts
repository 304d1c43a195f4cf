import OpenAI from "openai";
import { expect, onTestFinished, vi } from "vitest";
import type { Behaviour } from "../behaviour/behaviour.ts";
import type { LedgerEntry } from "../ledger/ledger-entry.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator.ts";

export const MODEL = "test-model";
export const HELLO = { model: MODEL, messages: [{ role: "user" as const, content: "Say hello to the harbour." }] };

/** These tests wait for sockets; on a busy machine that takes longer than any of them should say. */
const SETTLED_WITHIN_MS = 20_000;
vi.setConfig({ testTimeout: 30_000 });

/** A simulator on a free port for one test, and ways to talk to it. */
export interface TestSimulator {
  readonly simulator: Simulator;
  /** The official client, pointed at the simulator, without retries. */
  readonly client: OpenAI;
  /** The official client for another of the simulated providers. */
  readonly clientOf: (provider: string) => OpenAI;
  /** Sets the behaviour of the test model at every provider. */
  readonly behave: (behaviour: Behaviour) => void;
  /** A raw POST, for what the client would hide. */
  readonly post: (path: string, body: unknown, init?: RequestInit) => Promise<Response>;
  /** A call of the control API: the status and the parsed body. */
  readonly control: <Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: Body }>;
  /** Waits until so many calls are open. */
  readonly openCalls: (count: number) => Promise<void>;
  /** All ledger entries once no call is open. */
  readonly settledEntries: () => Promise<LedgerEntry[]>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<TestSimulator> {
  const simulator = createSimulator(options);
  await simulator.listen();
  onTestFinished(() => simulator.close());
  const newClient = (baseURL: string): OpenAI => new OpenAI({ apiKey: "sk-test", baseURL, maxRetries: 0 });
  const openCalls = (count: number): Promise<void> =>
    expect.poll(() => simulator.ledger.openCalls, { timeout: SETTLED_WITHIN_MS }).toBe(count);
  return {
    simulator,
    client: newClient(`${simulator.url}/v1`),
    clientOf: (provider) => newClient(`${simulator.url}/providers/${provider}/v1`),
    behave: (behaviour) => void simulator.behaviours.set("*", MODEL, behaviour),
    post: (path, body, init = {}) =>
      fetch(`${simulator.url}${path}`, {
        method: "POST",
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...init,
      }),
    async control(method, path, body) {
      const response = await fetch(`${simulator.controlUrl}/_simulator/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    openCalls,
    async settledEntries() {
      await openCalls(0);
      return simulator.ledger.entries({}, 10_000);
    },
  };
}
