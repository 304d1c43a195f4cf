/** Tools that the provider knows by another name: in all places of a request, and never in an answer. */
import { describe, expect, test } from "vitest";
import { anthropicCodec } from "../anthropic/codec.ts";
import { event } from "../aws-bedrock/__fixtures__/conformance.ts";
import { awsBedrockCodec } from "../aws-bedrock/codec.ts";
import { azureOpenaiCodec } from "../azure-openai/codec.ts";
import type { ClientProtocolName } from "../clients/client-protocol.ts";
import { clientProtocols } from "../clients/registry.ts";
import { cohereCodec } from "../cohere/codec.ts";
import { googleGeminiCodec } from "../google-gemini/codec.ts";
import { googleVertexCodec } from "../google-vertex/codec.ts";
import { openaiCodec } from "../openai/codec.ts";
import { openaiCompatibleCodec } from "../openai-compatible/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { providerCodecs } from "../registry.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

type Json = Readonly<Record<string, unknown>>;

const refused = `mcp files/${"x".repeat(130)}.read`;
const taken = "weather";
const schema = { type: "object", properties: {} };
const user = { role: "user", content: "hi" };

/** A conversation that has called both tools, in the words of each client. */
const requests: { readonly [client in ClientProtocolName]: (name: string) => Json } = {
  "chat-completions": (name) => ({
    model: "m",
    messages: [
      user,
      {
        role: "assistant",
        content: null,
        tool_calls: [name, taken].map((called) => ({
          id: `call_${called.length}`,
          type: "function",
          function: { name: called, arguments: "{}" },
        })),
      },
      { role: "tool", tool_call_id: `call_${name.length}`, content: "1" },
      { role: "tool", tool_call_id: `call_${taken.length}`, content: "2" },
    ],
    tools: [name, taken].map((offered) => ({ type: "function", function: { name: offered, parameters: schema } })),
    tool_choice: { type: "function", function: { name } },
  }),
  "openai-responses": (name) => ({
    model: "m",
    input: [
      user,
      ...[name, taken].flatMap((called) => [
        { type: "function_call", call_id: `call_${called.length}`, name: called, arguments: "{}" },
        { type: "function_call_output", call_id: `call_${called.length}`, output: "1" },
      ]),
    ],
    tools: [name, taken].map((offered) => ({ type: "function", name: offered, parameters: schema })),
    tool_choice: { type: "function", name },
  }),
  "anthropic-messages": (name) => ({
    model: "m",
    max_tokens: 4096,
    messages: [
      user,
      {
        role: "assistant",
        content: [name, taken].map((called) => ({
          type: "tool_use",
          id: `call_${called.length}`,
          name: called,
          input: {},
        })),
      },
      {
        role: "user",
        content: [name, taken].map((called) => ({
          type: "tool_result",
          tool_use_id: `call_${called.length}`,
          content: "1",
        })),
      },
    ],
    tools: [name, taken].map((offered) => ({ name: offered, input_schema: schema })),
    tool_choice: { type: "tool", name },
  }),
};

const sse = (...events: readonly object[]): Uint8Array =>
  encodeUtf8(events.map((told) => `data: ${JSON.stringify(told)}\n\n`).join(""));

interface Answers {
  readonly codec: ProviderCodec;
  /** How often the request names the tool that is refused: offered, called, demanded, and in the result if it says so. */
  readonly places: number;
  readonly whole: (name: string) => object;
  readonly stream: (name: string) => Uint8Array;
}

const openAiCall = (name: string): object => ({
  role: "assistant",
  content: null,
  tool_calls: [{ index: 0, id: "a", type: "function", function: { name, arguments: "{}" } }],
});
const anthropicHead = { id: "m", type: "message", role: "assistant", model: "m", content: [] };
const anthropicUsage = { input_tokens: 3, output_tokens: 4 };
const geminiAnswer = (name: string): object => ({
  candidates: [{ content: { parts: [{ functionCall: { name, args: {} } }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
});
const bedrockUsage = { inputTokens: 1, outputTokens: 1, totalTokens: 2 };
const gemini = { places: 4, whole: geminiAnswer, stream: (name: string) => sse(geminiAnswer(name)) };

const kinds: readonly Answers[] = [
  {
    codec: openaiCodec,
    places: 3,
    whole: (name) => ({ id: "c", choices: [{ index: 0, message: openAiCall(name), finish_reason: "tool_calls" }] }),
    stream: (name) =>
      sse(
        { id: "c", choices: [{ index: 0, delta: openAiCall(name), finish_reason: null }] },
        { id: "c", choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
      ),
  },
  {
    codec: anthropicCodec,
    places: 3,
    whole: (name) => ({
      ...anthropicHead,
      content: [{ type: "tool_use", id: "t", name, input: {} }],
      stop_reason: "tool_use",
      usage: anthropicUsage,
    }),
    stream: (name) =>
      sse(
        { type: "message_start", message: { ...anthropicHead, usage: anthropicUsage } },
        { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name, input: {} } },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: anthropicUsage },
        { type: "message_stop" },
      ),
  },
  { codec: googleGeminiCodec, ...gemini },
  { codec: googleVertexCodec, ...gemini },
  {
    codec: awsBedrockCodec,
    places: 3,
    whole: (name) => ({
      output: { message: { role: "assistant", content: [{ toolUse: { toolUseId: "t", name, input: {} } }] } },
      stopReason: "tool_use",
      usage: bedrockUsage,
    }),
    stream: (name) =>
      joinBytes([
        event("messageStart", '{"role":"assistant"}'),
        event(
          "contentBlockStart",
          JSON.stringify({ contentBlockIndex: 0, start: { toolUse: { toolUseId: "t", name } } }),
        ),
        event("contentBlockStop", '{"contentBlockIndex":0}'),
        event("messageStop", '{"stopReason":"tool_use"}'),
        event("metadata", JSON.stringify({ usage: bedrockUsage })),
      ]),
  },
  {
    codec: cohereCodec,
    // Which tool is to be called is said by offering no other.
    places: 2,
    whole: (name) => ({
      id: "c",
      finish_reason: "TOOL_CALL",
      message: { role: "assistant", tool_calls: [{ id: "t", type: "function", function: { name, arguments: "{}" } }] },
    }),
    stream: (name) => {
      const call = { id: "t", type: "function", function: { name, arguments: "{}" } };
      return sse(
        { type: "message-start", id: "c", delta: { message: { role: "assistant" } } },
        { type: "tool-call-start", index: 0, delta: { message: { tool_calls: call } } },
        { type: "tool-call-end", index: 0 },
        { type: "message-end", delta: { finish_reason: "TOOL_CALL" } },
      );
    },
  },
];

const pairs = kinds.flatMap((kind) =>
  clientProtocols.map((client) => [client.name, kind.codec.manifest.kind, client, kind] as const),
);

function encode(codec: ProviderCodec, client: (typeof clientProtocols)[number], request: Json) {
  const asked = readRequest(JSON.stringify(request));
  if (client.name === "chat-completions") return codec.encodeRequest(asked);
  const reading = client.readConversation(request);
  if (!reading.ok) throw new Error(reading.message);
  return codec.encodeRequest({ ...asked, parsed: { ...reading.conversation }, isWidened: true });
}

/** The names in a JSON text: every place where the tool that is refused, or what it became, may stand. */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  JSON.parse(text, (key, value: unknown) => {
    if (key === "name" && typeof value === "string") names.push(value);
    if (key === "allowedFunctionNames") names.push(...(value as string[]));
    return value;
  });
  return names;
}

function wholeText(codec: ProviderCodec, body: object, options: Parameters<typeof answerOptions>[0]): string {
  const read = codec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(body)), answerOptions(options));
  if (!read.ok) throw new Error(read.failure.message);
  return read.body === null ? JSON.stringify(body) : decodeUtf8(read.body);
}

function streamText(codec: ProviderCodec, bytes: Uint8Array, options: Parameters<typeof answerOptions>[0]): string {
  const scanner = codec.createStreamScanner(answerOptions(options));
  const forwarded = [...scanner.push(bytes)];
  const ending = scanner.end();
  expect(ending.verdict).toBe("complete");
  return decodeUtf8(joinBytes([...forwarded, ...ending.forward]));
}

describe.each(pairs)("a client of %s and %s", (_client, kind, client, { codec, places, whole, stream }) => {
  const request = requests[client.name](refused);

  test("agree on every name", () => {
    const encoding = encode(codec, client, request);
    if (!encoding.ok) throw new Error(encoding.message);
    expect(encoding.warnings).toContain(`param=tools.name; action=changed; provider=${kind}`);
    const named = namesIn(decodeUtf8(encoding.body)).filter((name) => name !== taken);
    expect([named.length, new Set(named).size]).toEqual([places, 1]);
    const [sent = ""] = named;
    expect(sent).toMatch(/^[a-zA-Z][a-zA-Z0-9_-]{0,127}$/);

    for (const text of [
      wholeText(codec, whole(sent), { client, request }),
      streamText(codec, stream(sent), { client, request }),
    ]) {
      expect(text).toContain(JSON.stringify(refused));
      expect(text).not.toContain(sent);
    }
    // The other tool is called by its own name.
    expect(wholeText(codec, whole(taken), { client, request })).toContain(`"name":"${taken}"`);
  });

  test("say nothing of names that are fine", () => {
    const encoding = encode(codec, client, requests[client.name]("read-lines_2"));
    if (!encoding.ok) throw new Error(encoding.message);
    expect(encoding.warnings.filter((warning) => warning.includes("tools.name"))).toEqual([]);
    expect(namesIn(decodeUtf8(encoding.body)).filter((name) => name === "read-lines_2")).toHaveLength(places);
  });
});

test("a base URL of its own restores names too", () => {
  const dated = azureOpenaiCodec.atBasePath?.("/openai/deployments") ?? azureOpenaiCodec;
  const request = requests["chat-completions"](refused);
  const encoding = dated.encodeRequest(readRequest(JSON.stringify(request)));
  if (!encoding.ok) throw new Error(encoding.message);
  const sent = namesIn(decodeUtf8(encoding.body)).find((name) => name !== taken) ?? "";
  expect(wholeText(dated, kinds[0]!.whole(sent), { request })).toContain(JSON.stringify(refused));
});

test("a name is the same in the next turn, whatever else was called", () => {
  const first = encode(openaiCodec, clientProtocols[0]!, {
    ...requests["chat-completions"](refused),
    messages: [user],
  });
  const second = encode(openaiCodec, clientProtocols[0]!, requests["chat-completions"](refused));
  if (!first.ok || !second.ok) throw new Error("refused");
  const names = [first, second].map(({ body }) => new Set(namesIn(decodeUtf8(body))));
  expect(names[0]).toEqual(names[1]);
});

test("where names are fine, the client's bytes pass", () => {
  const text = JSON.stringify({ ...requests["chat-completions"]("read-lines_2"), model: "m" }, null, 1);
  const asked = readRequest(text);
  const encoding = openaiCodec.encodeRequest(asked);
  if (!encoding.ok) throw new Error(encoding.message);
  expect(encoding.body).toBe(asked.body);
  const request = JSON.parse(text) as Json;
  const body = encodeUtf8(JSON.stringify(kinds[0]!.whole(taken)));
  expect(openaiCodec.readCompleteResponse("chat", body, answerOptions({ request }))).toMatchObject({ body: null });
});

test("functions of before keep their words", () => {
  const request = {
    model: "m",
    messages: [user, { role: "function", name: refused, content: "1" }],
    functions: [{ name: refused, parameters: schema }],
    function_call: { name: refused },
  };
  const encoding = openaiCodec.encodeRequest(readRequest(JSON.stringify(request)));
  if (!encoding.ok) throw new Error(encoding.message);
  const [sent = ""] = namesIn(decodeUtf8(encoding.body));
  expect(sent).not.toBe(refused);
  const answer = JSON.parse(wholeText(openaiCodec, kinds[0]!.whole(sent), { request })) as { choices: object[] };
  expect(answer.choices[0]).toMatchObject({ message: { function_call: { name: refused, arguments: "{}" } } });
});

test("kinds that take any name get the client's", () => {
  const takeAny = providerCodecs.filter((codec) => {
    const encoding = encode(codec, clientProtocols[0]!, {
      model: "m",
      messages: [user],
      tools: [{ type: "function", function: { name: refused, parameters: schema } }],
    });
    return encoding.ok && decodeUtf8(encoding.body).includes(refused);
  });
  expect(takeAny.map(({ manifest }) => manifest.kind)).toEqual([
    "openrouter",
    "vllm",
    "tgi",
    "ollama",
    openaiCompatibleCodec.manifest.kind,
  ]);
});
