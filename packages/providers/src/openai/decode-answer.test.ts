/** How servers of OpenAI's protocol differ, as clients of another protocol see it (wire formats 1.5, 1.8 and 1.9). */
import { expect, test } from "vitest";
import type { ModelEvent } from "../events/model-event.ts";
import { OpenAiDecoder } from "./decode-answer.ts";
import { openAiDialect } from "./dialect.ts";

function decode(...deltas: readonly object[]): ModelEvent[] {
  const decoder = new OpenAiDecoder(openAiDialect);
  const events = deltas.flatMap((delta) => [
    ...decoder.decode({ id: "c", model: "m", choices: [{ index: 0, delta }] }),
  ]);
  const end = decoder.decode({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  return [...events, ...end].filter(({ type }) => type !== "start");
}

function call(...fragments: readonly object[]): ModelEvent[] {
  return decode(...fragments.map((fragment) => ({ tool_calls: [fragment] })));
}

const start = (index: number, id: string): ModelEvent => ({ type: "tool_start", index, id, name: "look" });
const given = (index: number, fragment: string): ModelEvent => ({ type: "tool_arguments", index, fragment });
const end = (index: number): ModelEvent => ({ type: "tool_end", index });
const finish: ModelEvent = { type: "finish", reason: "tool_calls", stopSequence: null };
const look = { name: "look" };

test.each<[string, ModelEvent[], ModelEvent[]]>([
  [
    "fragments with an empty id, and with a name of null",
    call(
      { index: 0, id: "a", function: { ...look, arguments: "" } },
      { index: 0, id: "", function: { name: null, arguments: "{" } },
      { index: 0, id: "a", function: { arguments: "}" } },
    ),
    [start(0, "a"), given(0, "{"), given(0, "}"), end(0), finish],
  ],
  [
    "calls without an index, told apart by their ids",
    call({ id: "a", function: { ...look, arguments: "{}" } }, { id: "b", function: { ...look, arguments: "[]" } }),
    [start(0, "a"), given(0, "{}"), end(0), start(1, "b"), given(1, "[]"), end(1), finish],
  ],
  [
    "a call without arguments",
    call({ index: 0, id: "a", function: look }),
    [start(0, "a"), given(0, "{}"), end(0), finish],
  ],
  [
    "arguments as an object, and no id",
    call({ index: 0, function: { ...look, arguments: { n: 1 } } }),
    [start(0, "call_0"), given(0, '{"n":1}'), end(0), finish],
  ],
  [
    "a legacy call",
    decode({ function_call: { ...look, arguments: "{" } }, { function_call: { arguments: "}" } }),
    [start(0, "call_0"), given(0, "{"), given(0, "}"), end(0), finish],
  ],
])("%s", (_, events, expected) => {
  expect(events).toEqual(expected);
});

test("a fragment of a call that has ended fails the answer", () => {
  const events = call(
    { index: 0, id: "a", function: { ...look, arguments: '{"n":1}' } },
    { index: 1, id: "b", function: look },
    { index: 0, function: { arguments: "{}" } },
  );
  expect(events.map(({ type }) => type)).toContain("failure");
});

test("calls that began together are known by their places", () => {
  const events = decode(
    { tool_calls: [look, look].map((called, place) => ({ id: `${place}`, function: called })) },
    { tool_calls: ["{", '{"n":'].map((given) => ({ function: { arguments: given } })) },
    { tool_calls: ["}", "1}"].map((given) => ({ function: { arguments: given } })) },
  );
  const told = [0, 1].map((index) =>
    events.map((event) => (event.type === "tool_arguments" && event.index === index ? event.fragment : "")).join(""),
  );
  expect(told).toEqual(["{}", '{"n":1}']);
});

test("reasoning comes under three names", () => {
  const parts = [
    { type: "thinking", thinking: [{ type: "text", text: "c" }] },
    { type: "text", text: "d" },
  ];
  const events = decode({ reasoning_content: "a" }, { reasoning: "b" }, { content: parts }, { refusal: "e" });
  expect(events.map((event) => [event.type, "text" in event ? event.text : null])).toEqual([
    ["reasoning", "a"],
    ["reasoning", "b"],
    ["reasoning", "c"],
    ["text", "d"],
    ["refusal", "e"],
    ["finish", null],
  ]);
});

test.each([
  ["model_length", "finish"],
  ["eos_token", "finish"],
  ["error", "failure"],
  ["abort", "failure"],
  ["of_tomorrow", "failure"],
])("an answer that ends in %s is a %s", (finishReason, type) => {
  const events = new OpenAiDecoder(openAiDialect).decode({
    choices: [{ index: 0, delta: { content: "a" }, finish_reason: finishReason }],
  });
  expect(events.at(-1)?.type).toBe(type);
});

test.each([[{ error: { message: "No." } }], [{ error: "No." }], [null]])("%j is a failure", (chunk) => {
  expect(new OpenAiDecoder(openAiDialect).decode(chunk).map(({ type }) => type)).toEqual(["failure"]);
});

test.each([[{ status: "ok" }], [{ type: "ping" }], [{ id: "", model: "", choices: [] }]])(
  "%j is nothing, and does not begin the answer",
  (chunk) => {
    const decoder = new OpenAiDecoder(openAiDialect);
    expect(decoder.decode(chunk)).toEqual([]);
    const first = { id: "c1", model: "m", choices: [{ index: 0, delta: { content: "a" } }] };
    expect(decoder.decode(first)[0]).toEqual({ type: "start", id: "c1", model: "m" });
  },
);
