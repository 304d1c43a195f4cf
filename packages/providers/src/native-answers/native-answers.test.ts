/** What holds for every server's own form: wherever bytes are cut it says the same, and what is cut is never whole. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findProviderCodec } from "../registry.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

const lines = (...objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join("");
const events = (...objects: readonly object[]): string =>
  objects.map((object) => `data:${JSON.stringify(object)}\n\n`).join("");
const candidate = (text: string, finish: object = {}): string =>
  JSON.stringify({ candidates: [{ content: { role: "model", parts: [{ text }] }, ...finish }] }, null, 2);
const message = (content: string): object => ({ message: { role: "assistant", content } });
const said = (text: string, reason: string): object => ({
  output: { choices: [{ message: { content: text }, finish_reason: reason }] },
});

/** The stream, and what follows the bytes by which it is whole. */
const subjects: readonly (readonly [string, string, string])[] = [
  [
    "ollama",
    lines(
      { model: "m", ...message('Quiet "{[\\'), done: false },
      { model: "m", ...message("港"), done: true, done_reason: "stop" },
    ),
    "\n",
  ],
  ["google-gemini", `[${candidate('Quiet "{[\\')},\r\n${candidate("港", { finishReason: "STOP" })}]\n`, "]\n"],
  [
    "cohere",
    lines(
      { event_type: "stream-start", generation_id: "g" },
      { event_type: "text-generation", text: 'Quiet "{[\\' },
      { event_type: "text-generation", text: "港" },
      { event_type: "stream-end", finish_reason: "COMPLETE", response: {} },
    ),
    "\n",
  ],
  [
    "tgi",
    events(
      { index: 1, token: { text: 'Quiet "{[\\' }, generated_text: null },
      { index: 2, token: { text: "港" }, generated_text: "…", details: { finish_reason: "eos_token" } },
    ),
    "\n\n",
  ],
  ["qwen", `:\n${events(said('Quiet "{[\\', "null"), said('Quiet "{[\\港', "stop"))}`, "\n\n"],
];

describe.each(subjects)("%s", (kind, stream, afterwards) => {
  const bytes = encodeUtf8(stream);
  const whole = bytes.length - afterwards.length;

  function read(chunks: readonly Uint8Array[]) {
    const scanner = findProviderCodec(kind)?.createStreamScanner(answerOptions());
    if (scanner === undefined) throw new Error(`no kind ${kind}`);
    const forwarded = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
    const ending = scanner.end();
    return { verdict: ending.verdict, text: decodeUtf8(joinBytes([...forwarded, ...ending.forward])) };
  }

  test("says the same wherever it is cut into pieces", () => {
    const expected = read([bytes]);
    expect(expected.verdict).toBe("complete");
    const pieces = [...expected.text.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text);
    expect(pieces.join("")).toBe(String.raw`Quiet \"{[\\港`);
    expect(read(splitBytes(bytes, [...bytes.keys()]))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        expect(read(splitBytes(bytes, cuts))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  test("is whole at its last byte and not before", () => {
    const wrong = [...bytes.keys()].filter((length) => {
      const { verdict, text } = read([bytes.slice(0, length)]);
      const isWhole = length >= whole;
      return (verdict === "complete") !== isWhole || text.includes("[DONE]") !== isWhole;
    });
    expect(wrong).toEqual([]);
  });
});

test.each(["ollama", "google-gemini", "cohere", "tgi", "qwen"])(
  "whatever %s says in its stead, nothing throws",
  (kind) => {
    const codec = findProviderCodec(kind);
    const beginning = fc.constantFrom("", "[", "data:", '{"done":true}', '{"output":', '{"text":""}', "\uFEFF{");
    fc.assert(
      fc.property(beginning, fc.json({ maxDepth: 3 }), (start, json) => {
        const bytes = encodeUtf8(`${start}${json}\n\n`);
        const scanner = codec?.createStreamScanner(answerOptions());
        scanner?.push(bytes);
        expect(scanner?.end()).toBeDefined();
        expect(codec?.readCompleteResponse("chat", bytes, answerOptions())).toBeDefined();
      }),
      { numRuns: 200 },
    );
  },
);
