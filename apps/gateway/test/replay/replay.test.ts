/**
 * Recorded answers of real servers, read through the gateway with the SDKs that applications use. What must come out is
 * in the recording's head: text, calls of tools, finish, refusal, usage, or the error.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerCodecs } from "@switchyard/providers/registry";
import { errorRegistry, type ErrorCode } from "../../src/errors/error-registry.ts";
import { startInProcessGateway, type InProcessGateway } from "../harness/in-process-gateway.ts";
import { createPolicy } from "../harness/policy-fixture.ts";
import { aiSdkChat, aiSdkMessages } from "./ai-sdk-client.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { openaiClient, openaiStreamHelper } from "./openai-client.ts";
import type { Reading } from "./reading.ts";
import { readRecordings, type ExpectedAnswer, type ExpectedFailure, type Recording } from "./recording.ts";
import { startReplayServer, type ReplayServer } from "./replay-server.ts";

const clients = {
  openai: openaiClient,
  helper: openaiStreamHelper,
  ai: aiSdkChat,
  anthropic: anthropicClient,
  aiMessages: aiSdkMessages,
};
const readers = Object.keys(clients) as (keyof typeof clients)[];
const recordings = readRecordings();
let server: ReplayServer;
let gateway: InProcessGateway;
let key: string;

beforeAll(async () => {
  server = await startReplayServer(recordings);
  const policy = createPolicy({
    // A route for each reader, since a connection that failed is left alone for a while.
    routes: recordings.flatMap((recording) =>
      readers.map((reader) => ({
        name: routeOf(recording, reader),
        targets: [
          { baseUrl: server.urlOf(recording), kind: recording.kind, providerModel: "recorded", credential: "k" },
        ],
      })),
    ),
  });
  gateway = await startInProcessGateway(policy);
  key = policy.keys["key"] ?? "";
});

afterAll(async () => {
  await gateway.close();
  await server.close();
});

describe.each(recordings.map((recording) => [recording.id, recording] as const))("%s", (_, recording) => {
  const { asks, reads, fails } = recording;

  async function ask(reader: (typeof readers)[number]): Promise<Reading> {
    const route = routeOf(recording, reader);
    const client = clients[reader](gateway.url, key);
    return client({ route, stream: asks === "stream", offersTools: (reads?.tools.length ?? 0) > 0 });
  }

  it("is read by openai, and accounted for", async () => {
    expectReading(await ask("openai"), reads, fails);
    const { verdict } = gateway.requests.at(-1) ?? {};
    if (reads !== undefined) expect(verdict).toBe(reads.verdict ?? verdictOf(reads));
    else expect(["errored", "truncated", "invalid", "filtered"]).toContain(verdict);
  });

  it.runIf(asks === "stream" && reads !== undefined)("is put together by openai's stream helper", async () => {
    // It keeps of each chunk what it does not know, so that the last one decides.
    expectReading(await ask("helper"), reads && { ...reads, reasoning: undefined }, fails);
  });

  it("is read by the AI SDK", async () => {
    // A refusal is text to it, and an ending by a filter.
    const told = reads?.refusal === undefined ? reads : { ...reads, ...refusalAsText(reads, reads.refusal) };
    expectReading(await ask("ai"), told, fails);
  });

  it.each(["anthropic", "aiMessages"] as const)("is read over Messages by %s", async (reader) => {
    if (recording.skips.includes(reader)) return;
    const reading = await ask(reader);
    // One of them keeps no code, only what the error is like.
    if (reading.error !== null) reading.error = { ...reading.error, code: reading.error.code ?? fails?.code ?? null };
    const finish = reads?.refusal === undefined ? reads?.finish : "content_filter";
    // Its protocol has neither a place for reasoning tokens nor, apart from text, for the words of a refusal.
    const usage = reads?.usage && { ...reads.usage, reasoning: undefined };
    const text = reads?.refusal === undefined ? reads?.text : reading.text;
    expectReading(
      reading,
      reads && { ...reads, finish: finish ?? "stop", text: text ?? "", refusal: undefined, usage },
      fails,
    );
  });
});

it("has recordings of every kind", () => {
  const kinds = new Set(recordings.map(({ kind }) => kind));
  expect(providerCodecs.map(({ manifest }) => manifest.kind).filter((kind) => !kinds.has(kind))).toEqual([]);
});

function routeOf(recording: Recording, reader: string): string {
  return `recording-${recordings.indexOf(recording)}-${reader}`;
}

function verdictOf({ text, tools, finish, refusal }: ExpectedAnswer): string {
  if (refusal !== undefined) return "refused";
  if (finish === "content_filter") return "filtered";
  return text === "" && tools.length === 0 ? "invalid" : "complete";
}

function refusalAsText({ text }: ExpectedAnswer, refusal: string): Pick<ExpectedAnswer, "text" | "finish" | "refusal"> {
  return { text: text + refusal, finish: "content_filter", refusal: undefined };
}

function expectReading(reading: Reading, reads: ExpectedAnswer | undefined, fails: ExpectedFailure | undefined): void {
  if (reads !== undefined) {
    const { usage, refusal, reasoning, verdict: _verdict, ...rest } = reads;
    expect(reading).toMatchObject({
      ...rest,
      error: null,
      ...(refusal === undefined ? {} : { refusal }),
      ...(reasoning === undefined ? {} : { reasoning }),
    });
    if (usage !== undefined) expect(reading.usage).toMatchObject(withoutUndefined(usage));
    return;
  }
  // What breaks before anything of it was passed on is answered with a status; later there is only the event.
  const isLate = reading.error?.status === null || reading.error?.status === 200;
  expect(reading.error?.code).toBe(fails?.code);
  expect(reading.finish === null || reading.finish === "error").toBe(true);
  if (!isLate) expect(reading.error?.status).toBe(errorRegistry[fails?.code as ErrorCode].status);
  if (fails?.status !== undefined) expect(reading.error?.status).toBe(fails.status);
  expect(reading.text).toBe(isLate ? (fails?.text ?? "") : "");
}

function withoutUndefined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
