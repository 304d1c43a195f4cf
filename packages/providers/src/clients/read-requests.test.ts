/** What the client protocols read: nothing is lost on the way to a provider of the same protocol, and nothing throws. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropicCodec } from "../anthropic/codec.ts";
import { openaiCompatibleCodec } from "../openai-compatible/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { providerCodecs } from "../registry.ts";
import { readRequest } from "../testing/read-request.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { anthropicMessages } from "./anthropic-messages/protocol.ts";
import type { ClientProtocol } from "./client-protocol.ts";
import { openAiResponses } from "./openai-responses/protocol.ts";
import { clientProtocols } from "./registry.ts";

type Json = Record<string, unknown>;

/** A request as the gateway hands it on when the target speaks another protocol. */
function translate(client: ClientProtocol, asked: Json, codec: ProviderCodec): Json {
  const reading = client.readConversation(asked);
  if (!reading.ok) throw new Error(reading.message);
  const parsed = reading.conversation as Json;
  const encoding = codec.encodeRequest({ ...readRequest(JSON.stringify(asked)), parsed, isWidened: true });
  if (!encoding.ok) throw new Error(encoding.message);
  return JSON.parse(decodeUtf8(encoding.body)) as Json;
}

const text = fc.string({ minLength: 1, unit: "grapheme" });
const input = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }));
const textBlock = fc.record({ type: fc.constant("text"), text });
const thinking = fc.constantFrom(
  { type: "thinking", thinking: "Hm.", signature: "c2ln" },
  { type: "redacted_thinking", data: "ZGF0YQ==" },
);
/** Turns of calls and their results, ended by a plain one: what a provider of this protocol accepts. */
const conversation = fc
  .array(
    fc.record({
      ask: fc.array(textBlock, { minLength: 1, maxLength: 2 }),
      thoughts: fc.array(thinking, { maxLength: 2 }),
      say: fc.array(textBlock, { maxLength: 2 }),
      calls: fc.array(input, { minLength: 1, maxLength: 3 }),
      result: fc.record({ content: fc.array(textBlock, { minLength: 1, maxLength: 2 }), isError: fc.boolean() }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((turns) =>
    turns.flatMap(({ ask, thoughts, say, calls, result }, turn) => [
      ...(turn === 0 ? [{ role: "user", content: ask }] : []),
      {
        role: "assistant",
        content: [
          ...thoughts,
          ...say,
          ...calls.map((given, index) => ({ type: "tool_use", id: `t_${turn}_${index}`, name: "look", input: given })),
        ],
      },
      {
        role: "user",
        content: [
          ...calls.map((_, index) => ({
            type: "tool_result",
            tool_use_id: `t_${turn}_${index}`,
            content: result.content,
            ...(result.isError ? { is_error: true } : {}),
          })),
          ...ask,
        ],
      },
    ]),
  );

test("messages reach Anthropic's own protocol again as they were", () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const asked = { model: "m", max_tokens: 9, system: [{ type: "text", text: "Be brief." }], messages };
      const { system, messages: sent } = translate(anthropicMessages, asked, anthropicCodec);
      expect({ system, messages: sent }).toEqual(JSON.parse(JSON.stringify({ system: asked.system, messages })));
    }),
  );
});

test("messages reach OpenAI's with every role, call and result in place", () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const { messages: sent } = translate(
        anthropicMessages,
        { model: "m", max_tokens: 9, messages },
        openaiCompatibleCodec,
      );
      const told = (sent as Json[]).flatMap(({ role, tool_calls: calls, tool_call_id: id, content }) => [
        ...((calls ?? []) as { id: string; function: { arguments: string } }[]).map((call) => [
          "call",
          call.id,
          JSON.parse(call.function.arguments) as unknown,
        ]),
        ...(id === undefined ? [] : [["result", id]]),
        ...(role === "user" ? [["user", joined(content)]] : []),
      ]);
      const expected = messages.flatMap(({ role, content }) => {
        const blocks = content as Json[];
        const said = blocks.filter(({ type }) => type === "text");
        return [
          ...blocks.flatMap((block) => (block["type"] === "tool_use" ? [["call", block["id"], block["input"]]] : [])),
          ...blocks.flatMap((block) => (block["type"] === "tool_result" ? [["result", block["tool_use_id"]]] : [])),
          ...(role === "user" ? [["user", joined(said)]] : []),
        ];
      });
      expect(told).toEqual(JSON.parse(JSON.stringify(expected)));
      expect(JSON.stringify(sent)).not.toMatch(/c2ln|ZGF0YQ/);
    }),
  );
});

test.each([
  ["an image from a tool", { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } }],
  [
    "a document from a tool",
    { type: "document", source: { type: "base64", media_type: "application/pdf", data: "AA==" } },
  ],
] as const)("%s follows the results of its turn, where results are text", (_, block) => {
  const call = (id: string): Json => ({ type: "tool_use", id, name: "look", input: {} });
  const asked = {
    model: "m",
    max_tokens: 9,
    messages: [
      { role: "user", content: "Look." },
      { role: "assistant", content: [call("a"), call("b")] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "a", content: [{ type: "text", text: "Here." }, block] },
          { type: "tool_result", tool_use_id: "b", content: "Nothing.", is_error: true },
        ],
      },
    ],
  };
  const { messages } = translate(anthropicMessages, asked, openaiCompatibleCodec);
  expect((messages as Json[]).slice(2)).toMatchObject([
    { role: "tool", tool_call_id: "a", content: "Here." },
    { role: "tool", tool_call_id: "b", content: "Error: Nothing." },
    { role: "user", content: [{ type: block.type === "image" ? "image_url" : "file" }] },
  ]);
});

test("responses reach a chat server turn by turn", () => {
  const sent = translate(
    openAiResponses,
    {
      model: "m",
      instructions: "Be brief.",
      input: [
        {
          role: "user",
          content: [
            { type: "input_text", text: "Hi" },
            { type: "input_image", image_url: "data:image/png;base64,AA==", detail: "low" },
          ],
        },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "b3BlbmFp" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "Wait." }] },
        { type: "function_call", call_id: "c1", name: "look", arguments: '{"n":12345678901234567890}' },
        { type: "function_call", call_id: "c2", name: "look", arguments: "{}" },
        { type: "function_call_output", call_id: "c1", output: "one" },
        { type: "function_call_output", call_id: "c2", output: [{ type: "input_text", text: "two" }] },
      ],
      tools: [{ type: "function", name: "look", parameters: { type: "object" }, strict: true }],
      tool_choice: { type: "function", name: "look" },
      text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true }, verbosity: "low" },
      reasoning: { effort: "low", summary: "auto" },
      max_output_tokens: 20,
    },
    openaiCompatibleCodec,
  );
  expect(sent).toMatchObject({
    messages: [
      { content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { type: "image_url", image_url: { detail: "low" } },
        ],
      },
      {
        role: "assistant",
        content: "Wait.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "look", arguments: '{"n":12345678901234567890}' } },
          { id: "c2" },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: "one" },
      { role: "tool", tool_call_id: "c2", content: "two" },
    ],
    tools: [{ type: "function", function: { name: "look", strict: true } }],
    tool_choice: { type: "function", function: { name: "look" } },
    response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true } },
    reasoning_effort: "low",
  });
});

describe.each(clientProtocols.map((client) => [client.name, client] as const))(
  "whatever a client of %s sends",
  (_name, client) => {
    test("is read, or refused with a field and a sentence", () => {
      const item = fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.record(
          {
            type: fc.constantFrom(
              "message",
              "text",
              "tool_use",
              "tool_result",
              "function_call",
              "reasoning",
              "thinking",
              7,
            ),
            role: fc.constantFrom("user", "assistant", "system", "tool", 7),
            content: fc.oneof(
              fc.jsonValue({ maxDepth: 2 }),
              fc.array(fc.record({ type: fc.string(), text: fc.jsonValue() })),
            ),
            encrypted_content: fc.constantFrom("switchyard.{", 'switchyard.{"format":"plain","type":"thinking"}', 7),
          },
          { requiredKeys: [] },
        ),
      );
      const request = fc.record(
        {
          model: fc.constantFrom("m", 7),
          max_tokens: fc.constantFrom(9, "9"),
          messages: fc.array(item, { maxLength: 4 }),
          input: fc.oneof(fc.string(), fc.array(item, { maxLength: 4 })),
          system: item,
          tools: fc.array(item, { maxLength: 2 }),
          tool_choice: item,
          text: item,
          thinking: item,
          output_config: item,
          "x-unknown": item,
        },
        { requiredKeys: ["model"] },
      );
      fc.assert(
        fc.property(request, (asked) => {
          const read = readRequest(JSON.stringify(asked));
          const facts = client.readFacts(read.parsed, read.members);
          const reading = client.readConversation(read.parsed);
          expect(facts.ok || facts.message.endsWith(".")).toBe(true);
          if (!facts.ok || !reading.ok) return;
          const parsed = reading.conversation as Json;
          const isWidened = client.name !== "chat-completions";
          for (const codec of providerCodecs) codec.encodeRequest({ ...read, parsed, isWidened });
          for (const codec of providerCodecs) codec.natives?.[client.name]?.encodeRequest(read);
        }),
        { numRuns: 300 },
      );
    });
  },
);

function joined(content: unknown): string {
  if (typeof content === "string") return content;
  return (content as { text: string }[]).map((part) => part.text).join("\u0000");
}
