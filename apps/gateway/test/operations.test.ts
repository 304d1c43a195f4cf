import { afterEach, beforeEach, expect, it } from "vitest";
import { toFile } from "openai";
import type { LedgerEntry } from "@switchyard/simulator/ledger/ledger-entry";
import { startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";
import type { RouteFixture } from "./harness/policy-fixture.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => {
    const route = (
      name: string,
      operation: NonNullable<RouteFixture["operations"]>[number],
      providerModel: string,
    ) => ({
      name,
      operations: [operation],
      targets: [
        { baseUrl: urlOf("any"), providerModel },
        { baseUrl: urlOf("spare"), providerModel },
      ],
      strategy: { type: "priority" as const },
    });
    return [
      route("pictures", "images", "sim-image"),
      route("token-pictures", "images", "gpt-image-sim"),
      route("ears", "transcriptions", "sim-whisper"),
      route("token-ears", "transcriptions", "gpt-4o-sim-transcribe"),
      route("voice", "speech", "sim-tts"),
      route("judge", "moderations", "sim-moderation"),
      route("ranker", "rerank", "sim-rerank"),
    ];
  });
});

afterEach(() => rig.close());

/** Two seconds and a half of silence at 8 kHz, 16 bits, one channel. */
function wav(): Buffer {
  const samples = 40_000;
  const file = Buffer.alloc(44 + samples);
  file.write("RIFF", 0);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8_000, 24);
  file.writeUInt32LE(16_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  return file;
}

function ledgerEntry(): LedgerEntry {
  const [entry] = rig.simulator.ledger.entries({}, 10);
  if (entry === undefined) throw new Error("the provider was not called");
  return entry;
}

function settledUsage(): object {
  return rig.gateway.settled[0]?.outcome.usage ?? {};
}

it("makes pictures, and counts those that came", async () => {
  const answer = await rig.client.images.generate({ model: "pictures", prompt: "A harbour", n: 3 });
  expect(answer.data).toHaveLength(3);
  expect(settledUsage()).toEqual({ images: ledgerEntry().units?.images });
  expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "complete", usageSource: "provider_final" } }]);
  expect(rig.gateway.requests).toMatchObject([{ operation: "images", status: 200, routeName: "pictures" }]);
});

it("reads the tokens of pictures from models that report them", async () => {
  await rig.client.images.generate({ model: "token-pictures", prompt: "A harbour", quality: "low" });
  const { tokens, units } = ledgerEntry();
  expect(settledUsage()).toEqual({ images: units?.images, input: tokens.input, image_output: tokens.output });
});

it("transcribes, and bills the seconds that the provider tells", async () => {
  const file = await toFile(wav(), "speech.wav");
  const answer = await rig.client.audio.transcriptions.create({ model: "ears", file });
  expect(answer.text).not.toBe("");
  expect(settledUsage()).toEqual({ audio_seconds: ledgerEntry().units?.audioSeconds });
  expect(ledgerEntry()).toMatchObject({ model: "sim-whisper", units: { audioSeconds: 3 } });
});

it("transcribes by models that count tokens", async () => {
  const file = await toFile(wav(), "speech.wav");
  await rig.client.audio.transcriptions.create({ model: "token-ears", file });
  const { tokens } = ledgerEntry();
  expect(settledUsage()).toEqual({ audio_input: tokens.input, output: tokens.output });
});

it.each(["text", "srt", "vtt"] as const)("transcribes as %s, whose usage nobody tells", async (format) => {
  const file = await toFile(wav(), "speech.wav");
  const text = await rig.client.audio.transcriptions.create({ model: "ears", file, response_format: format });
  expect(String(text)).toContain(" ");
  expect(rig.gateway.settled).toMatchObject([{ outcome: { usage: null, usageSource: "upper_bound" } }]);
});

it("sends the file as it came, under another model's name", async () => {
  const bytes = wav();
  await rig.client.audio.transcriptions.create({ model: "ears", file: await toFile(bytes, "speech.wav") });
  const [received] = [...rig.simulator.requests.newestFirst()];
  expect(received?.body.includes(bytes)).toBe(true);
  expect(received?.body.includes("sim-whisper")).toBe(true);
});

it("speaks, byte for byte, and bills the characters read", async () => {
  const input = "Harbours are quiet — 港. ".repeat(60);
  const asked = { input, voice: "alloy" };
  const answer = await rig.client.audio.speech.create({ model: "voice", ...asked });
  const sound = Buffer.from(await answer.arrayBuffer());
  const direct = await fetch(`${rig.simulator.url}/any/v1/audio/speech`, {
    method: "POST",
    body: JSON.stringify({ model: "sim-tts", ...asked }),
  });
  expect(answer.headers.get("content-type")).toBe(direct.headers.get("content-type"));
  expect(sound.equals(Buffer.from(await direct.arrayBuffer()))).toBe(true);
  expect(settledUsage()).toEqual({ characters: ledgerEntry().units?.characters });
  expect(rig.gateway.requests[0]?.timeToFirstTokenMs).toBeGreaterThan(0);
});

it("cuts speech off that its provider cut off, and asks no other once it has begun", async () => {
  rig.simulator.behaviours.set("any", "*", { cutAfterChunks: 4 });
  const answer = await rig.client.audio.speech.create({ model: "voice", input: "long ".repeat(200), voice: "alloy" });
  await expect(answer.arrayBuffer()).rejects.toThrow("terminated");
  expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "truncated", usage: { characters: 1_000 } } }]);
});

it.each([{ errorStatus: 500 }, { connectRefusal: true }, { garbage: "error_in_200" }] as const)(
  "lets another provider speak after %j",
  async (behaviour) => {
    rig.simulator.behaviours.set("any", "*", behaviour);
    const answer = await rig.client.audio.speech.create({ model: "voice", input: "Hello", voice: "alloy" });
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0);
    expect(rig.gateway.requests).toMatchObject([{ status: 200, attempts: 2 }]);
  },
);

it("judges texts, and leaves the answer as it is", async () => {
  const answer = await rig.client.moderations.create({ model: "judge", input: ["a quiet day", "violence"] });
  expect(answer.results.map(({ flagged }) => flagged)).toEqual([false, true]);
  expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: "complete", usage: null } }]);
});

it("ranks documents, and bills the provider's search units", async () => {
  const body = JSON.stringify({ model: "ranker", query: "boats", documents: ["tide", "boat", "quay"], top_n: 2 });
  const answer = await rig.send("/v1/rerank", body);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ results: [{ index: expect.any(Number) }, {}] });
  expect(settledUsage()).toEqual({ search_units: ledgerEntry().units?.searchUnits });
});

it.each([
  ["/v1/images/generations", { model: "pictures" }, "prompt"],
  ["/v1/images/generations", { model: "pictures", prompt: "x", stream: true }, "stream"],
  ["/v1/audio/speech", { model: "voice" }, "input"],
  ["/v1/audio/speech", { model: "voice", input: "x", stream_format: "sse" }, "stream_format"],
  ["/v1/moderations", { model: "judge" }, "input"],
  ["/v1/moderations", { input: "x" }, "model"],
  ["/v1/rerank", { model: "ranker", query: "x", documents: [] }, "documents"],
])("refuses a request that says too little or too much: %s %j", async (path, body, param) => {
  const answer = await rig.send(path, JSON.stringify(body));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: "invalid_request", param } });
  expect(rig.simulator.ledger.entries({}, 1)).toEqual([]);
});

it("refuses a form that is none, and JSON where a form is due", async () => {
  const json = await rig.send("/v1/audio/transcriptions", "{}");
  expect(json.status).toBe(415);
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const broken = await rig.send("/v1/audio/transcriptions", "--x\r\nnonsense", headers);
  expect(broken.status).toBe(400);
  expect(await broken.json()).toMatchObject({ error: { code: "invalid_request" } });
});

it("passes over a model that does not serve the operation", async () => {
  const answer = await rig.send("/v1/rerank", JSON.stringify({ model: "voice", query: "x", documents: ["y"] }));
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: { code: "no_target_available" } });
});
