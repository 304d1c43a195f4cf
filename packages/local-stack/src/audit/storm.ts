/** Clients that call until they are told to stop: streams and whole answers, some through the official SDK, some that leave. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import type { Account } from "./accounts.ts";
import { type ClientHistory, idempotencyHeader } from "./client-history.ts";
import { Random } from "./random.ts";

export interface StormOptions {
  readonly gatewayUrl: string;
  readonly accounts: readonly Account[];
  readonly history: ClientHistory;
  readonly clients: number;
  readonly seed: number;
}

const words = ["rail", "signal", "points", "siding", "freight", "depot", "carriage", "timetable", "junction"] as const;

/** Starts the clients; the answer stops them and waits for their last calls. */
export function startStorm(options: StormOptions): () => Promise<void> {
  let isRunning = true;
  const run = async (client: number): Promise<void> => {
    const random = new Random(options.seed * 1_000 + client);
    while (isRunning) {
      const account = random.pick(options.accounts as [Account, ...Account[]]);
      try {
        await (random.chance(0.3) ? callBySdk(options, account, random) : callByHand(options, account, random));
      } catch {
        // Refused, cut off or left on purpose: the history has what came of it.
      }
      await sleep(random.between(0, 10));
    }
  };
  const finished = Promise.all(Array.from({ length: options.clients }, (_, client) => run(client)));
  return async () => {
    isRunning = false;
    await finished;
  };
}

function bodyOf({ name, route }: Account, random: Random) {
  // A cached account asks few questions, so that it is answered from the cache often.
  const length = name === "cached" ? 1 : random.between(1, 60);
  const content = Array.from({ length }, () => random.pick(words)).join(" ");
  return {
    model: route,
    messages: [{ role: "user" as const, content }],
    ...(random.chance(0.3) ? { max_tokens: random.between(20, 200) } : {}),
  };
}

/** With usage asked for, the bytes of a stream pass as they are. */
const asStream = { stream: true, stream_options: { include_usage: true } } as const;
const streamShare = 0.6;
/** A connection that a killed process had just been given is answered by nobody: like any client, ours does not wait for ever. */
const clientPatienceMs = 20_000;

const keyedShare = 0.15;
/** Whoever has the answer already soon gives up on asking for it again. */
const retryPatienceMs = 4_000;

/** Some calls carry an idempotency key and are sent twice: at the same time, or when the first has ended or was left. */
async function callByHand(options: StormOptions, account: Account, random: Random): Promise<void> {
  const call = {
    body: JSON.stringify({ ...bodyOf(account, random), ...(random.chance(streamShare) ? asStream : {}) }),
    leavesAfterBytes: random.chance(account.name === "leaving" ? 0.6 : 0.1)
      ? random.between(0, 3_000)
      : Number.POSITIVE_INFINITY,
  };
  // What the cache answers has no attempt of its own to compare with.
  if (account.name === "cached" || !random.chance(keyedShare)) {
    await send(options, account, { ...call, headers: {}, patienceMs: clientPatienceMs });
    return;
  }
  const headers = { [idempotencyHeader]: randomUUID() };
  const first = send(options, account, { ...call, headers, patienceMs: clientPatienceMs });
  if (random.chance(0.5)) await first.catch(() => undefined);
  await Promise.allSettled([first, send(options, account, { ...call, headers, patienceMs: retryPatienceMs })]);
}

interface HandmadeCall {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly leavesAfterBytes: number;
  readonly patienceMs: number;
}

async function send({ gatewayUrl, history }: StormOptions, account: Account, call: HandmadeCall): Promise<void> {
  const departure = new AbortController();
  const response = await history.recordingFetch(account.name)(`${gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${account.key}`, "content-type": "application/json", ...call.headers },
    body: call.body,
    signal: AbortSignal.any([departure.signal, AbortSignal.timeout(call.patienceMs)]),
  });
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > call.leavesAfterBytes) {
      departure.abort();
      return;
    }
  }
}

async function callBySdk({ gatewayUrl, history }: StormOptions, account: Account, random: Random): Promise<void> {
  const client = new OpenAI({
    baseURL: `${gatewayUrl}/v1`,
    apiKey: account.key,
    maxRetries: 2,
    timeout: clientPatienceMs,
    fetch: history.recordingFetch(account.name),
  });
  const body = bodyOf(account, random);
  if (random.chance(streamShare)) {
    for await (const _chunk of await client.chat.completions.create({ ...body, ...asStream }));
  } else {
    await client.chat.completions.create(body);
  }
}
