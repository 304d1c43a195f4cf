/** What the gateway does by itself for providers that cannot: asked for in a request, and seen in what the client gets. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropicCodec } from "../anthropic/codec.ts";
import { cohereCodec } from "../cohere/codec.ts";
import type { ModelEvent } from "../events/model-event.ts";
import { mistralCodec } from "../mistral/codec.ts";
import { shortId } from "../parameters/short-ids.ts";
import { openaiCodec } from "../openai/codec.ts";
import { perplexityCodec } from "../perplexity/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { AnswerStages } from "./answer-stage.ts";

type Json = Record<string, unknown>;

const hello = [{ role: "user", content: "hi" }];

function encode(codec: ProviderCodec, fields: Json) {
  return codec.encodeRequest(readRequest(JSON.stringify({ model: "m", messages: hello, ...fields })));
}

function sent(codec: ProviderCodec, fields: Json): Json {
  const encoding = encode(codec, fields);
  if (!encoding.ok) throw new Error(encoding.message);
  return JSON.parse(decodeUtf8(encoding.body)) as Json;
}

/** The message of a whole answer, and the finish. */
function readWhole(codec: ProviderCodec, request: Json, answer: Json): readonly unknown[] {
  const read = codec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(answer)), answerOptions({ request }));
  if (!read.ok) throw new Error(read.failure.message);
  const { choices } = JSON.parse(decodeUtf8(read.body ?? new Uint8Array(0))) as { choices: Json[] };
  return [choices[0]?.["message"], choices[0]?.["finish_reason"]];
}

/** The deltas of a stream. */
function readStream(codec: ProviderCodec, request: Json, events: readonly object[]) {
  const scanner = codec.createStreamScanner(answerOptions({ request, forwardUsage: false }));
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const forwarded = [...scanner.push(encodeUtf8(text)), ...scanner.end().forward];
  const chunks = decodeUtf8(joinBytes(forwarded))
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice("data: ".length)) as { choices: { delta: Json; finish_reason: unknown }[] });
  return { choices: chunks.flatMap(({ choices }) => choices), usage: scanner.state.usage };
}

function textIn(fields: Json, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

function chunk(delta: object, finish: string | null = null, more: object = {}): object {
  return { id: "c", model: "m", choices: [{ index: 0, delta, finish_reason: finish }], ...more };
}

describe("stop sequences", () => {
  test("cut the text wherever it is cut into pieces, and nothing is told after them", () => {
    const alphabet = fc.constantFrom("a", "b", "S", "T");
    const stops = fc.array(fc.string({ unit: alphabet, minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: alphabet, maxLength: 4 }), { maxLength: 8 }), stops, (pieces, given) => {
        const cut = (texts: readonly string[]): readonly unknown[] => {
          const stages = new AnswerStages(given);
          const finish: ModelEvent = { type: "finish", reason: "length", stopSequence: null };
          const events = [...texts.map((text): ModelEvent => ({ type: "text", text })), finish];
          const told = events.flatMap((event) => stages.take(event));
          const text = told.map((event) => (event.type === "text" ? event.text : "")).join("");
          return [text, told.filter((event) => event.type === "finish")];
        };
        const whole = pieces.join("");
        const [text, finishes] = cut(pieces) as [string, { reason: string; stopSequence: string | null }[]];
        expect([text, finishes]).toEqual(cut([whole]));
        expect(finishes).toHaveLength(1);
        const { reason, stopSequence } = finishes[0]!;
        expect(whole.startsWith(text + (stopSequence ?? ""))).toBe(true);
        expect(given.filter((stop) => text.includes(stop))).toEqual([]);
        expect(reason).toBe(given.some((stop) => whole.includes(stop)) ? "stop" : "length");
      }),
    );
  });

  test("that a provider takes none of are not sent, and cut at", () => {
    const request = { stop: ["END"] };
    expect(sent(perplexityCodec, request)).not.toHaveProperty("stop");
    expect(encode(perplexityCodec, request)).toMatchObject({
      warnings: ["param=stop; action=emulated; provider=perplexity"],
    });
    const usage = { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 };
    const { choices, usage: told } = readStream(perplexityCodec, request, [
      chunk({ role: "assistant", content: "Quiet E" }),
      chunk({ content: "ND and more" }),
      chunk({ content: " and more" }, "length", { usage }),
    ]);
    expect(choices.map(({ delta }) => textIn(delta, "content")).join("")).toBe("Quiet ");
    expect(choices.at(-1)).toMatchObject({ finish_reason: "stop", stop_sequence: "END" });
    // What it wrote besides is billed all the same.
    expect(told).toMatchObject({ usage: { input: 7, output: 9 } });
    const message = { role: "assistant", content: "Quiet END and more" };
    const whole = { id: "c", choices: [{ index: 0, message, finish_reason: "stop" }] };
    expect(readWhole(perplexityCodec, request, whole)).toMatchObject([{ content: "Quiet " }, "stop"]);
  });

  test("are sent where the provider takes as many", () => {
    const five = ["a", "b", "c", "d", "e"];
    expect(sent(cohereCodec, { stop: five })).toMatchObject({ stop_sequences: five });
    const six = [...five, "f"];
    expect(sent(cohereCodec, { stop: six })).not.toHaveProperty("stop_sequences");
    const answer = { id: "c", message: { content: [{ type: "text", text: "one f two" }] }, finish_reason: "COMPLETE" };
    expect(readWhole(cohereCodec, { stop: six }, answer)).toMatchObject([{ content: "on" }, "stop"]);
  });
});

describe("JSON of any shape", () => {
  const request = { response_format: { type: "json_object" } };
  const name = "switchyard_json_answer";
  const head = { id: "m", type: "message", role: "assistant", model: "claude-sonnet-4-5", content: [] };
  const usage = { input_tokens: 3, output_tokens: 4 };

  test("is asked for by a tool that the model has to call", () => {
    expect(sent(anthropicCodec, request)).toMatchObject({
      tools: [{ name, input_schema: { type: "object" } }],
      tool_choice: { type: "tool", name },
    });
    expect(sent(anthropicCodec, request)).not.toHaveProperty("output_config");
  });

  test("is text to the client, whole and streamed", () => {
    const call = { type: "tool_use", id: "t", name, input: { city: "Bergen" } };
    const whole = { ...head, content: [call], stop_reason: "tool_use", usage };
    expect(readWhole(anthropicCodec, request, whole)).toEqual([
      { role: "assistant", content: '{"city":"Bergen"}', refusal: null },
      "stop",
    ]);
    const { choices } = readStream(anthropicCodec, request, [
      { type: "message_start", message: { ...head, usage } },
      { type: "content_block_start", index: 0, content_block: { ...call, input: {} } },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '{"city":' } },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: '"Bergen"}' } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "tool_use" }, usage },
      { type: "message_stop" },
    ]);
    expect(choices.map(({ delta }) => textIn(delta, "content")).join("")).toBe('{"city":"Bergen"}');
    expect(choices.at(-1)?.finish_reason).toBe("stop");
  });
});

describe("functions, which were before tools", () => {
  const request = {
    functions: [{ name: "weather", parameters: { type: "object" } }],
    function_call: { name: "weather" },
    messages: [
      ...hello,
      { role: "assistant", content: null, function_call: { name: "weather", arguments: "{}" } },
      { role: "function", name: "weather", content: "rain" },
    ],
  };

  test("pass where the provider knows them, and are tools elsewhere", () => {
    expect(sent(openaiCodec, request)).toMatchObject(request);
    const asTools = {
      tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
      tool_choice: { type: "function", function: { name: "weather" } },
      messages: [
        ...hello,
        { role: "assistant", content: null, tool_calls: [{ id: shortId("call_1"), function: { name: "weather" } }] },
        { role: "tool", tool_call_id: shortId("call_1"), content: "rain" },
      ],
    };
    const body = sent(mistralCodec, request);
    expect(body).toMatchObject(asTools);
    expect(Object.keys(body)).not.toContain("functions");
    expect(sent(anthropicCodec, request)).toMatchObject({
      tools: [{ name: "weather" }],
      tool_choice: { type: "tool", name: "weather" },
    });
  });

  test("are what the client reads again, whole and streamed", () => {
    const call = (part: object): object => ({ tool_calls: [{ index: 0, id: "a", type: "function", function: part }] });
    const called = { name: "weather", arguments: '{"city":"Bergen"}' };
    const message = { role: "assistant", content: null, ...call(called) };
    const whole = { id: "c", choices: [{ index: 0, message, finish_reason: "tool_calls" }] };
    expect(readWhole(mistralCodec, request, whole)).toEqual([
      { role: "assistant", content: null, refusal: null, function_call: called },
      "function_call",
    ]);
    const { choices } = readStream(mistralCodec, request, [
      chunk({ role: "assistant", ...call({ name: "weather", arguments: "" }) }),
      chunk(call({ arguments: '{"city":' })),
      chunk(call({ arguments: '"Bergen"}' })),
      chunk({}, "tool_calls"),
    ]);
    const told = choices.map(({ delta }) => (delta["function_call"] ?? {}) as Json);
    expect(told.map((part) => textIn(part, "arguments")).join("")).toBe(called.arguments);
    expect(told.flatMap((part) => part["name"] ?? [])).toEqual(["weather"]);
    expect(choices.at(-1)?.finish_reason).toBe("function_call");
  });

  test("show one answer", () => {
    expect(encode(mistralCodec, { ...request, n: 2 })).toMatchObject({ ok: false, param: "n" });
  });
});

test("calls that are told at once come one after the other", () => {
  const events = (index: number): ModelEvent[] => [
    { type: "tool_start", index, id: `${index}`, name: "f" },
    { type: "tool_arguments", index, fragment: "{" },
    { type: "tool_arguments", index, fragment: "}" },
    { type: "tool_end", index },
  ];
  const first = events(0);
  const second = events(1);
  const turns = fc.shuffledSubarray([0, 0, 0, 0, 1, 1, 1, 1], { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(turns, (order) => {
      const stages = new AnswerStages([]);
      const left = [first.slice(), second.slice()];
      // The second is never told of before the first.
      const told = [0, ...order].flatMap((turn) => {
        const event = left[turn]?.shift();
        return event === undefined ? [] : stages.take(event);
      });
      expect(told).toEqual([...first, ...second]);
    }),
  );
});
