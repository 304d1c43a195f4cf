/** The official OpenAI client, through the gateway, to a provider that speaks Anthropic's Messages API. */
import { APIError, type OpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

type Chunk = OpenAI.Chat.ChatCompletionChunk;

let rig: GatewayAndProviders;

const claude = { kind: "anthropic", providerModel: "claude-sonnet-4-5", credential: "sk-ant-test" };
const tools: OpenAI.Chat.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "claude", targets: [{ baseUrl: urlOf("anthropic"), ...claude }] },
    { name: "cached", targets: [{ baseUrl: urlOf("anthropic"), ...claude }], cacheTtlSeconds: 60 },
    { name: "other", targets: [{ baseUrl: urlOf("openai"), kind: "openai", credential: "sk-test" }] },
    { name: "chat", targets: [{ baseUrl: urlOf("openai") }], fallbacks: ["claude"] },
  ]);
});

afterEach(() => rig.close());

it("answers in OpenAI's form and settles what the provider billed", async () => {
  rig.simulator.behaviours.set("anthropic", "*", { reasoningTokens: 12, cachedTokensShare: 0.5 });
  const { data, response } = await rig.client.chat.completions
    .create({ model: "claude", messages: [{ role: "developer", content: "Be brief." }, ...hello], seed: 1, user: "u" })
    .withResponse();
  expect(data).toMatchObject({
    object: "chat.completion",
    model: "claude-sonnet-4-5",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", refusal: null } }],
  });
  expect(data.choices[0]?.message.content).toBeTruthy();
  expect(response.headers.get("x-switchyard-warnings")).toContain("param=seed; action=dropped; provider=anthropic");
  const [entry] = rig.simulator.ledger.entries({}, 1);
  const { input = 0, cachedInput = 0, output = 0, reasoning = 0 } = entry?.tokens ?? {};
  expect(data.usage).toMatchObject({
    prompt_tokens: input + cachedInput,
    completion_tokens: output + reasoning,
    total_tokens: input + cachedInput + output + reasoning,
    prompt_tokens_details: { cached_tokens: cachedInput },
    completion_tokens_details: { reasoning_tokens: 12 },
  });
  expect(rig.gateway.settled).toMatchObject([
    {
      outcome: {
        verdict: "complete",
        usageSource: "provider_final",
        usage: { input, cached_input: cachedInput, output, reasoning: 12 },
      },
    },
  ]);
  const [request] = rig.simulator.requests.newestFirst();
  expect(JSON.parse(String(request?.body))).toMatchObject({
    model: "claude-sonnet-4-5",
    system: [{ type: "text", text: "Be brief." }],
    metadata: { user_id: "u" },
  });
  expect(request?.rawHeaders).toEqual(expect.arrayContaining(["x-api-key", "sk-ant-test", "anthropic-version"]));
});

it("streams the same answer, with usage for clients that ask for it", async () => {
  rig.simulator.behaviours.set("anthropic", "*", { answerText: "Harbours are quiet.", reasoningTokens: 5 });
  const asked = { model: "claude", messages: hello };
  const whole = await rig.client.chat.completions.create(asked);
  const chunks = await collect(
    await rig.client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } }),
  );
  expect(textOf(chunks)).toBe(whole.choices[0]?.message.content);
  expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
  expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason).map(({ choices }) => choices[0])).toMatchObject([
    { delta: {}, finish_reason: "stop" },
  ]);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
  const final = await rig.client.chat.completions.stream(asked).finalChatCompletion();
  expect(final.choices[0]?.message.content).toBe("Harbours are quiet.");
  expect(final.usage).toBeUndefined();
  const [first, second] = rig.gateway.settled;
  expect(second?.outcome.usage).toEqual(first?.outcome.usage);
  expect(rig.gateway.requests[1]?.timeToFirstTokenMs).toBeGreaterThan(0);
});

it("streams a tool call in fragments, and takes its result back", async () => {
  const { choices } = await rig.client.chat.completions
    .stream({ model: "claude", messages: hello, tools, tool_choice: "required" })
    .finalChatCompletion();
  const [choice] = choices;
  expect(choice?.finish_reason).toBe("tool_calls");
  const calls = (choice?.message.tool_calls ?? []) as OpenAI.Chat.ChatCompletionMessageFunctionToolCall[];
  const [call] = calls;
  expect(call?.function).toMatchObject({ name: "weather" });
  expect(JSON.parse(call?.function.arguments ?? "")).toMatchObject({ city: expect.any(String) });
  const answer = await rig.client.chat.completions.create({
    model: "claude",
    tools,
    messages: [
      ...hello,
      { role: "assistant", tool_calls: calls },
      { role: "tool", tool_call_id: call?.id ?? "", content: "12 °C" },
    ],
  });
  expect(answer.choices[0]?.finish_reason).toBe("stop");
});

it("gives its own reasoning back to it, and to nobody else", async () => {
  rig.simulator.behaviours.set("anthropic", "*", { reasoningTokens: 5 });
  const [choice] = (await rig.client.chat.completions.create({ model: "claude", messages: hello })).choices;
  const message = choice?.message ?? { role: "assistant" as const, content: null };
  const messages = [...hello, message, { role: "user" as const, content: "Go on." }];
  await rig.client.chat.completions.create({ model: "claude", messages });
  await rig.client.chat.completions.create({ model: "other", messages });
  const [other, own] = [...rig.simulator.requests.newestFirst()].map(({ body }) => String(body));
  expect(JSON.parse(own ?? "").messages[1].content[0]).toMatchObject({
    type: "thinking",
    signature: expect.any(String),
  });
  expect(other).toContain("Go on.");
  expect(other).not.toContain("reasoning");
});

it("tells a refusal as one", async () => {
  rig.simulator.behaviours.set("anthropic", "*", { refusal: true });
  const asked = { model: "claude", messages: hello };
  const [choice] = (await rig.client.chat.completions.create(asked)).choices;
  expect(choice).toMatchObject({ finish_reason: "content_filter", message: { content: null } });
  expect(choice?.message.refusal).toBeTruthy();
  const chunks = await collect(await rig.client.chat.completions.create({ ...asked, stream: true }));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.refusal ?? "").join("")).toBe(choice?.message.refusal);
  expect(rig.gateway.requests.map(({ verdict }) => verdict)).toEqual(["refused", "refused"]);
});

it("remembers the translated answer", async () => {
  const asked = { model: "cached", messages: hello, temperature: 0 };
  const first = await rig.client.chat.completions.create(asked);
  expect(await rig.client.chat.completions.create(asked)).toEqual(first);
  expect(rig.gateway.requests.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
});

it("refuses what Anthropic has no words for", async () => {
  const failure = await failureOf(rig.client.chat.completions.create({ model: "claude", messages: hello, n: 2 }));
  expect([failure.status, failure.code, failure.param]).toEqual([400, "unsupported_parameter", "n"]);
});

describe("errors", () => {
  it.each([
    [{ errorStatus: 529 }, 503, "overloaded"],
    [{ errorStatus: 429, retryAfter: "7" }, 429, "upstream_rate_limited"],
    [{ errorStatus: 429, errorCode: "enforced_spend_limit_reached" }, 503, "provider_credit_exhausted"],
    [{ errorStatus: 401 }, 503, "provider_credential_rejected"],
    [{ garbage: "error_in_200" }, 502, "upstream_error"],
    [{ garbage: "wrong_schema" }, 502, "upstream_malformed_output"],
    [{ garbage: "truncated_json" }, 502, "upstream_malformed_output"],
  ] as const)("%o become %i %s", async (behaviour, status, code) => {
    rig.simulator.behaviours.set("anthropic", "*", behaviour);
    const failure = await failureOf(rig.client.chat.completions.create({ model: "claude", messages: hello }));
    expect([failure.status, failure.code]).toEqual([status, code]);
  });

  it.each([
    ["a cut", { cutAfterChunks: 5 }],
    ["an early end", { cleanEofAfterChunks: 5 }],
    ["an error event", { errorMidStream: 5 }],
  ])("%s in mid-stream reaches the client as an error", async (_, behaviour) => {
    rig.simulator.behaviours.set("anthropic", "*", { outputTokens: 40, tokensPerSecond: 200, ...behaviour });
    const stream = await rig.client.chat.completions.create({ model: "claude", messages: hello, stream: true });
    await expect(collect(stream)).rejects.toThrow(APIError);
    expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: expect.stringMatching(/truncated|errored/) } }]);
  });
});

it.each([true, false])("takes over from a provider of another protocol (stream: %s)", async (isStream) => {
  rig.simulator.behaviours.set("openai", "*", { errorStatus: 503 });
  const asked = { model: "chat", messages: hello };
  const text = isStream
    ? textOf(await collect(await rig.client.chat.completions.create({ ...asked, stream: true })))
    : (await rig.client.chat.completions.create(asked)).choices[0]?.message.content;
  expect(text).toBeTruthy();
  expect(rig.gateway.settled.map(({ hold, outcome }) => [hold.providerKind, outcome.verdict])).toEqual([
    ["openai-compatible", "errored"],
    ["anthropic", "complete"],
  ]);
});

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
}

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const failure = await call.then(
    () => new Error("the call was answered"),
    (error: unknown) => error,
  );
  if (!(failure instanceof APIError)) throw failure;
  return failure;
}
