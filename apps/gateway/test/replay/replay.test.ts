/**
 * Recorded answers of real servers, read through the gateway with the SDKs that applications use. What must come out is
 * in the recording's head: text, calls of tools, finish, refusal, usage, or the error.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerCodecs } from "@switchyard/providers/registry";
import { startInProcessGateway, type InProcessGateway } from "../harness/in-process-gateway.ts";
import { createPolicy } from "../harness/policy-fixture.ts";
import { aiSdkChat, aiSdkMessages, aiSdkOpenAiChat, aiSdkResponses } from "./ai-sdk-client.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { compareAnswer, compareFailure } from "./compare-reading.ts";
import { openaiClient, openaiStreamHelper } from "./openai-client.ts";
import type { Reading } from "./reading.ts";
import { readRecordings, type ExpectedAnswer, type Recording } from "./recording.ts";
import { responsesClient } from "./responses-client.ts";
import { startReplayServer, type ReplayServer } from "./replay-server.ts";

const clients = {
  openai: openaiClient,
  helper: openaiStreamHelper,
  responses: responsesClient,
  ai: aiSdkChat,
  aiOpenAi: aiSdkOpenAiChat,
  aiResponses: aiSdkResponses,
  anthropic: anthropicClient,
  aiMessages: aiSdkMessages,
};
const readers = Object.keys(clients) as (keyof typeof clients)[];
const messagesReaders = ["anthropic", "aiMessages"] as const;
const recordings = readRecordings();
const nativeKinds = new Set(
  providerCodecs.filter(({ natives }) => natives?.["openai-responses"]).map(({ manifest }) => manifest.kind),
);
/** The helper is for streams alone. */
const readersOf = ({ asks }: Recording) => readers.filter((reader) => reader !== "helper" || asks === "stream");
/** A policy may have only so many connections, so that the recordings are divided among gateways. */
const gatewayCount = 3;
const gatewayOf = (recording: Recording) => gateways[recordings.indexOf(recording) % gatewayCount] as Gateway;
let server: ReplayServer;
let gateways: readonly Gateway[];

interface Gateway extends InProcessGateway {
  readonly key: string;
}

beforeAll(async () => {
  server = await startReplayServer(recordings);
  gateways = await Promise.all(Array.from({ length: gatewayCount }, (_, number) => startGateway(number)));
});

async function startGateway(number: number): Promise<Gateway> {
  const policy = createPolicy({
    // A route for each reader, since a connection that failed is left alone for a while.
    routes: recordings
      .filter((_, index) => index % gatewayCount === number)
      .flatMap((recording) =>
        readersOf(recording).map((reader) => ({
          name: routeOf(recording, reader),
          targets: [
            {
              baseUrl: server.urlOf(recording),
              kind: recording.kind,
              providerModel: "recorded",
              credential: server.credentialOf(recording.kind),
            },
          ],
        })),
      ),
  });
  return { ...(await startInProcessGateway(policy)), key: policy.keys["key"] ?? "" };
}

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await server.close();
});

describe.each(recordings.map((recording) => [recording.id, recording] as const))("%s", (_, recording) => {
  const { asks, reads, fails, speaks } = recording;
  const isChat = speaks === undefined;

  async function ask(reader: (typeof readers)[number]): Promise<Reading> {
    const route = routeOf(recording, reader);
    const { url, key } = gatewayOf(recording);
    const client = clients[reader](url, key);
    return client({ route, stream: asks === "stream", offersTools: (reads?.tools.length ?? 0) > 0 });
  }

  async function differences(
    reader: (typeof readers)[number],
    changes: (reads: ExpectedAnswer, reading: Reading) => Partial<ExpectedAnswer> = () => ({}),
  ): Promise<string[]> {
    const reading = await ask(reader);
    if (reads !== undefined) return compareAnswer(reading, { ...reads, ...changes(reads, reading) });
    return fails === undefined ? ["the recording says nothing of what is read"] : compareFailure(reading, fails);
  }

  const verdicts = reads === undefined ? ["errored", "truncated", "invalid", "filtered"] : [verdictOf(reads)];

  it.runIf(isChat)("is read by openai, and accounted for", async () => {
    expect(await differences("openai")).toEqual([]);
    expect(verdicts).toContain(gatewayOf(recording).requests.at(-1)?.verdict);
  });

  it.runIf(isChat && asks === "stream" && reads !== undefined && !recording.skips.includes("helper"))(
    "is put together by openai's stream helper",
    async () => {
      // It keeps of each chunk what it does not know, so that the last one decides.
      expect(await differences("helper", () => ({ reasoning: undefined }))).toEqual([]);
    },
  );

  // Where the kind speaks Responses itself they pass; for all others they are translated.
  it.runIf(!isChat || !nativeKinds.has(recording.kind))("is read over Responses by openai", async () => {
    // A refusal in words is a message that ended well; one without is an answer that was cut.
    const inItsWords = ({ refusal }: ExpectedAnswer, { finish }: Reading): Partial<ExpectedAnswer> =>
      refusal === undefined || finish !== "stop" ? {} : { finish };
    expect(await differences("responses", inItsWords)).toEqual([]);
    expect(verdicts).toContain(gatewayOf(recording).requests.at(-1)?.verdict);
  });

  it.runIf(isChat)("is read by the AI SDK", async () => {
    expect(await differences("ai", refusalAsText)).toEqual([]);
  });

  it.runIf(isChat)("is read by the AI SDK's provider for OpenAI", async () => {
    // It has no place for thoughts.
    const inItsWords = (told: ExpectedAnswer) => ({ ...refusalAsText(told), reasoning: undefined });
    expect(await differences("aiOpenAi", inItsWords)).toEqual([]);
  });

  it.runIf(!isChat || !nativeKinds.has(recording.kind))("is read over Responses by the AI SDK", async () => {
    expect(await differences("aiResponses", refusalAsText)).toEqual([]);
  });

  it.each(messagesReaders.filter((reader) => isChat && !recording.skips.includes(reader)))(
    "is read over Messages by %s",
    async (reader) => {
      // Its protocol has neither a place for reasoning tokens nor, apart from text, for the words of a refusal.
      const inItsWords = ({ usage, refusal }: ExpectedAnswer, { text }: Reading): Partial<ExpectedAnswer> => ({
        usage: usage && { ...usage, reasoning: undefined },
        ...(refusal === undefined ? {} : { refusal: undefined, finish: "content_filter", text }),
      });
      expect(await differences(reader, inItsWords)).toEqual([]);
    },
  );
});

describe("pictures, for which Messages has no place", () => {
  async function warningsOf(
    id: string,
  ): Promise<{ readonly header: string | null; readonly receipt: readonly string[] }> {
    const recording = recordings.find((known) => known.id === id) as Recording;
    const { url, key, requests } = gatewayOf(recording);
    const model = routeOf(recording, "anthropic");
    const stream = recording.asks === "stream";
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": key, "content-type": "application/json" },
      body: JSON.stringify({ model, stream, max_tokens: 64, messages: [{ role: "user", content: "Draw." }] }),
    });
    await response.text();
    return { header: response.headers.get("x-switchyard-warnings"), receipt: requests.at(-1)?.warnings ?? [] };
  }

  it("are warned of in the headers of a whole answer", async () => {
    expect((await warningsOf("openrouter/picture")).header).toBe("picture_left_out");
  });

  it("are warned of in the receipt of a stream, which may have begun before them", async () => {
    expect((await warningsOf("openrouter/picture-streamed")).receipt).toContain("picture_left_out");
  });
});

it("has recordings of every kind", () => {
  const kinds = new Set(recordings.map(({ kind }) => kind));
  expect(providerCodecs.map(({ manifest }) => manifest.kind).filter((kind) => !kinds.has(kind))).toEqual([]);
});

function routeOf(recording: Recording, reader: string): string {
  return `recording-${recordings.indexOf(recording)}-${reader}`;
}

/** A refusal is text to the AI SDK, and an ending by a filter. */
function refusalAsText({ text, refusal }: ExpectedAnswer): Partial<ExpectedAnswer> {
  return refusal === undefined ? {} : { text: text + refusal, finish: "content_filter", refusal: undefined };
}

function verdictOf({ text, tools, finish, refusal, verdict }: ExpectedAnswer): string {
  if (verdict !== undefined) return verdict;
  if (refusal !== undefined) return "refused";
  if (finish === "content_filter") return "filtered";
  return text === "" && tools.length === 0 ? "invalid" : "complete";
}
