import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../text/utf8.ts";
import type { OperationFacts, PlainOperation } from "./client-operation.ts";
import { clientOperations } from "./registry.ts";
import { secondsAtMost } from "./transcriptions/seconds-at-most.ts";

const all = Object.values(clientOperations);

function factsOf(operation: PlainOperation, parsed: Record<string, unknown>, file: Uint8Array | null = null) {
  const bodyBytes = encodeUtf8(JSON.stringify(parsed)).length;
  const reading = clientOperations[operation].readRequest({ parsed, bodyBytes, file });
  if (!reading.ok) throw new Error(reading.message);
  return reading.facts satisfies OperationFacts;
}

function usageOf(operation: PlainOperation, body: object, request: Record<string, unknown> = {}) {
  const answer = clientOperations[operation].readAnswer(encodeUtf8(JSON.stringify(body)), request);
  return answer.ok ? answer.usage : answer.failure.failure;
}

describe("the registry", () => {
  it("names every operation by its key, at a path of its own", () => {
    for (const [key, { operation }] of Object.entries(clientOperations)) expect(operation).toBe(key);
    expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
  });

  it("reads any bytes and any fields without throwing", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => encodeUtf8(text)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...all), bytes, fc.dictionary(fc.string(), fc.anything()), (one, body, parsed) => {
        expect(typeof one.readAnswer(body, parsed).ok).toBe("boolean");
        expect(typeof one.readRequest({ parsed, bodyBytes: 10, file: body }).ok).toBe("boolean");
      }),
    );
  });

  it.each(all.filter(({ delivery }) => delivery === "complete"))(
    "takes an error in a 200 of $operation for one",
    (one) => {
      const body = encodeUtf8('{"error":{"message":"overloaded","type":"server_error","code":null}}');
      expect(one.readAnswer(body, {})).toMatchObject({ ok: false });
    },
  );
});

describe("bounds", () => {
  it("counts pictures, characters and documents", () => {
    expect(factsOf("images", { model: "m", prompt: "p", n: 4 })).toMatchObject({
      answers: 4,
      unitsAtMost: { images: 4 },
    });
    expect(factsOf("speech", { model: "m", input: "aé港😀" })).toMatchObject({
      unitsAtMost: { characters: 4 },
      counted: { characters: 4 },
      inputTokensAtMost: 10,
    });
    const documents = Array.from({ length: 101 }, () => "short");
    expect(factsOf("rerank", { model: "m", query: "q", documents }).unitsAtMost).toEqual({ search_units: 2 });
  });

  it("holds search units for the pieces of long documents, up to where they are cut", () => {
    const documents = ["x".repeat(1_000_000), "x".repeat(1_000_000)];
    const facts = factsOf("rerank", { model: "m", query: "q".repeat(600), documents, max_tokens_per_doc: 10_000 });
    expect(facts.unitsAtMost).toEqual({ search_units: 2 });
  });

  it("takes the length of plain WAV samples from their header, and bounds everything else by its bytes", () => {
    const wav = new Uint8Array(44 + 32_000);
    wav.set(encodeUtf8("RIFF"), 0);
    wav.set(encodeUtf8("WAVEfmt "), 8);
    const header = new DataView(wav.buffer);
    header.setUint16(20, 1, true);
    header.setUint16(22, 1, true);
    header.setUint32(24, 8_000, true);
    header.setUint16(34, 16, true);
    expect(secondsAtMost(wav)).toBe(3);
    header.setUint16(20, 17, true);
    expect(secondsAtMost(wav)).toBe(65);
    expect(secondsAtMost(new Uint8Array(1_000))).toBe(2);
  });
});

describe("usage", () => {
  it.each<[string, PlainOperation, object, object | null]>([
    ["pictures without a count of tokens", "images", { data: [{}, {}] }, { images: 2 }],
    [
      "pictures with one",
      "images",
      {
        data: [{}],
        usage: { input_tokens: 50, output_tokens: 1_056, input_tokens_details: { text_tokens: 10, image_tokens: 40 } },
      },
      { images: 1, input: 10, image_input: 40, image_output: 1_056 },
    ],
    ["seconds", "transcriptions", { text: "x", usage: { type: "duration", seconds: 3 } }, { audio_seconds: 3 }],
    ["a duration alone", "transcriptions", { text: "x", duration: 2.2 }, { audio_seconds: 3 }],
    [
      "tokens of sound",
      "transcriptions",
      {
        text: "x",
        usage: { type: "tokens", input_tokens: 14, input_token_details: { audio_tokens: 12 }, output_tokens: 5 },
      },
      { input: 2, audio_input: 12, output: 5 },
    ],
    ["no usage", "transcriptions", { text: "x" }, null],
    ["search units", "rerank", { results: [{}], meta: { billed_units: { search_units: 2 } } }, { search_units: 2 }],
    ["tokens of a ranking", "rerank", { results: [{}], usage: { total_tokens: 9 } }, { input: 9 }],
    ["nothing", "moderations", { results: [{}] }, null],
  ])("reads %s", (_, operation, body, usage) => {
    expect(usageOf(operation, body)).toEqual(usage === null ? null : { kind: "usable", usage, warnings: [] });
  });

  it.each<[PlainOperation, object]>([
    ["images", { data: [{}], usage: { input_tokens: "many" } }],
    ["images", { data: [{}], usage: { input_tokens: 5, output_tokens: -1 } }],
    ["transcriptions", { usage: { type: "duration", seconds: -1 } }],
    ["transcriptions", { usage: { type: "duration", seconds: "NaN" } }],
    ["rerank", { results: [{}], meta: { billed_units: { search_units: 1e15 } } }],
  ])("does not bill %s by what is no count", (operation, body) => {
    expect(usageOf(operation, body)).toMatchObject({ kind: "unusable" });
  });
});
