/** What the client protocols write: a stream adds up to the whole answer, and says it in an order that clients rely on. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { AnswerState } from "../events/answer-state.ts";
import type { ModelEvent, SealedReasoning } from "../events/model-event.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { anthropicMessages } from "./anthropic-messages/protocol.ts";
import { chatCompletions } from "./chat-completions/protocol.ts";
import type { ClientProtocol } from "./client-protocol.ts";
import { openAiResponses } from "./openai-responses/protocol.ts";

type Json = Record<string, unknown>;

type Block =
  | { readonly kind: "text" | "refusal"; readonly pieces: readonly string[] }
  | { readonly kind: "reasoning"; readonly pieces: readonly string[]; readonly seal: SealedReasoning | null }
  | { readonly kind: "call"; readonly name: string; readonly pieces: readonly string[] };

const pieces = fc.array(fc.string({ minLength: 1, unit: "grapheme" }), { minLength: 1, maxLength: 4 });
const seal = fc.constantFrom<SealedReasoning | null>(
  null,
  { format: "anthropic", type: "thinking", signature: "c2ln" },
  { format: "google-gemini", type: "thinking", signature: "c2ln" },
);
const blocks = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("text" as const), pieces }),
    fc.record({ kind: fc.constant("reasoning" as const), pieces, seal }),
    fc.record({
      kind: fc.constant("call" as const),
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      pieces: fc
        .dictionary(fc.string(), fc.jsonValue())
        .map((given) => JSON.stringify(given).match(/[^]{1,5}/gu) ?? []),
    }),
  ),
  { minLength: 1, maxLength: 6 },
);

function eventsOf(told: readonly Block[], isWhole: boolean): ModelEvent[] {
  let calls = 0;
  const middle = told.flatMap((block): ModelEvent[] => {
    const parts = isWhole ? [block.pieces.join("")] : block.pieces;
    switch (block.kind) {
      case "text":
      case "refusal":
        return parts.map((text) => ({ type: block.kind as "text", text }));
      case "reasoning":
        return [
          ...parts.map((text): ModelEvent => ({ type: "reasoning", text })),
          ...(block.seal === null
            ? []
            : [{ type: "sealed_reasoning" as const, block: { ...block.seal, text: block.pieces.join("") } }]),
        ];
      case "call": {
        const index = calls++;
        return [
          { type: "tool_start", index, id: `call_${index}`, name: block.name },
          ...parts.map((fragment): ModelEvent => ({ type: "tool_arguments", index, fragment })),
          { type: "tool_end", index },
        ];
      }
    }
  });
  return [
    { type: "start", id: "answer_1", model: "m" },
    ...middle,
    {
      type: "usage",
      usage: { kind: "usable", usage: { input: 5, output: 7, reasoning: 2 }, warnings: [] },
      serviceTier: null,
    },
    { type: "finish", reason: calls > 0 ? "tool_calls" : "stop", stopSequence: null },
    { type: "end" },
  ];
}

function stream(client: ClientProtocol, events: readonly ModelEvent[]): Json[] {
  const state = new AnswerState();
  const writer = client.createAnswerWriter(answerOptions({ client }));
  const bytes = events.flatMap((event) => {
    state.note(event);
    return writer.write(event) ?? [];
  });
  const text = decodeUtf8(joinBytes([...bytes, writer.close(state)]));
  expect(text.endsWith("\n\n")).toBe(true);
  const lines = text.split("\n").filter((line) => line.startsWith("data: "));
  const data = lines.map((line) => line.slice("data: ".length));
  return data.filter((line) => line !== "[DONE]").map((line) => JSON.parse(line) as Json);
}

function whole(client: ClientProtocol, events: readonly ModelEvent[]): Json {
  const response = writeAnswer(events, answerOptions({ client }));
  if (!response.ok || response.body === null) throw new Error("the answer is not whole");
  return JSON.parse(decodeUtf8(response.body)) as Json;
}

test.each([
  [chatCompletions, addUpChunks],
  [anthropicMessages, addUpMessage],
  [openAiResponses, finishedResponse],
] as const)("a stream adds up to the whole answer: $name", (client, addUp) => {
  fc.assert(
    fc.property(blocks, (told) => {
      expect(addUp(stream(client, eventsOf(told, false)))).toEqual(whole(client, eventsOf(told, true)));
    }),
  );
});

test("responses tell each item whole once, numbered without a gap, and as the finished response has it", () => {
  fc.assert(
    fc.property(blocks, (told) => {
      const events = stream(openAiResponses, eventsOf(told, false));
      expect(events.map((event) => event["sequence_number"])).toEqual([...events.keys()]);
      const done = events.filter(({ type }) => type === "response.output_item.done");
      const { output } = finishedResponse(events) as { output: Json[] };
      expect(done.map(({ item }) => item)).toEqual(output);
      const added = events.filter(({ type }) => type === "response.output_item.added");
      expect(added.map(({ item }) => (item as Json)["id"])).toEqual(output.map(({ id }) => id));
    }),
  );
});

test("messages open and close one block at a time, and give no thinking back unsigned", () => {
  fc.assert(
    fc.property(blocks, (told) => {
      const events = stream(anthropicMessages, eventsOf(told, false));
      const order = events.map(
        ({ type, index }) => `${String(type).replace("content_block_", "")}${JSON.stringify(index) ?? ""}`,
      );
      const { content } = whole(anthropicMessages, eventsOf(told, true)) as { content: Json[] };
      const expected = content.map((_, index) => `start${index}( delta${index})* stop${index} `).join("");
      expect(order.join(" ")).toMatch(new RegExp(`^message_start ping ${expected}message_delta message_stop$`));
      expect(content.filter(({ type, signature }) => type === "thinking" && signature === "")).toEqual([]);
    }),
  );
});

test.each([
  [
    anthropicMessages,
    { stop_reason: "refusal", stop_details: { type: "refusal", category: null, explanation: "No." } },
  ],
  [chatCompletions, { choices: [{ message: { refusal: "No.", content: null }, finish_reason: "stop" }] }],
  [openAiResponses, { status: "completed", output: [{ content: [{ type: "refusal", refusal: "No." }] }] }],
] as const)("a refusal is told as one by $name", (client, expected) => {
  expect(whole(client, eventsOf([{ kind: "refusal", pieces: ["No."] }], true))).toMatchObject(expected);
});

function finishedResponse(events: readonly Json[]): Json {
  return (events.at(-1) as Json)["response"] as Json;
}

function addUpChunks(chunks: readonly Json[]): Json {
  const message: Json = { role: "assistant", content: "", refusal: null };
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  let finish: unknown = null;
  for (const chunk of chunks) {
    const [choice] = chunk["choices"] as { delta: Json; finish_reason: unknown }[];
    if (choice === undefined) continue;
    finish = choice.finish_reason ?? finish;
    const { content, reasoning_content: reasoning, reasoning_details: details, tool_calls: toolCalls } = choice.delta;
    if (typeof content === "string") message["content"] += content;
    if (typeof reasoning === "string")
      message["reasoning_content"] = ((message["reasoning_content"] as string | undefined) ?? "") + reasoning;
    if (Array.isArray(details)) {
      message["reasoning_details"] = [
        ...((message["reasoning_details"] as unknown[]) ?? []),
        ...(details as unknown[]),
      ];
    }
    for (const call of (toolCalls ?? []) as { index: number; id: string; type: string; function: Json }[]) {
      const known = calls[call.index];
      if (known !== undefined) known.function.arguments += String(call.function["arguments"]);
      else {
        const { id, type, function: called } = call;
        calls[call.index] = { id, type, function: { name: String(called["name"]), arguments: "" } };
      }
    }
  }
  if (calls.length > 0) message["tool_calls"] = calls;
  if (calls.length > 0 && message["content"] === "") message["content"] = null;
  const { id, created, model } = chunks[0] as Json;
  const usage = chunks.at(-1)?.["usage"];
  const choices = [{ index: 0, message, logprobs: null, finish_reason: finish }];
  return { id, object: "chat.completion", created, model, choices, usage };
}

function addUpMessage(events: readonly Json[]): Json {
  let message: Json = {};
  const content: Json[] = [];
  const given = new Map<number, string>();
  for (const { type, message: head, content_block: block, index, delta, usage } of events) {
    const at = index as number;
    const { text, thinking, signature, partial_json: json } = (delta ?? {}) as { [name: string]: string | undefined };
    if (type === "message_start") message = head as Json;
    if (type === "content_block_start") content[at] = { ...(block as Json) };
    if (type === "message_delta") message = { ...message, ...(delta as Json), usage };
    const open = content[at];
    if (type !== "content_block_delta" || open === undefined) continue;
    if (text !== undefined) open["text"] = String(open["text"]) + text;
    if (thinking !== undefined) open["thinking"] = String(open["thinking"]) + thinking;
    if (signature !== undefined) open["signature"] = signature;
    if (json !== undefined) given.set(at, (given.get(at) ?? "") + json);
  }
  for (const [at, json] of given) (content[at] as Json)["input"] = JSON.parse(json);
  return { ...message, content };
}
