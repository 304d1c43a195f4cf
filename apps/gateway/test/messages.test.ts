/** The official Anthropic client through the gateway: to a provider of its own protocol, and to one of another. */
import Anthropic, { APIError } from "@anthropic-ai/sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;
let client: Anthropic;

const hello = [{ role: "user" as const, content: "hello" }];
const tools: Anthropic.Tool[] = [
  {
    name: "weather",
    input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    {
      name: "native",
      targets: [
        { baseUrl: urlOf("anthropic"), kind: "anthropic", providerModel: "claude-sonnet-4-5", credential: "k" },
      ],
    },
    { name: "other", targets: [{ baseUrl: urlOf("openai"), kind: "openai", providerModel: "gpt", credential: "k" }] },
  ]);
  const [key = ""] = Object.values(rig.policy.keys);
  client = new Anthropic({ baseURL: rig.gateway.url, apiKey: key, maxRetries: 0 });
});

afterEach(() => rig.close());

describe.each(["native", "other"])("a route to a provider of the %s protocol", (model) => {
  const provider = model === "native" ? "anthropic" : "openai";
  const ask = { model, max_tokens: 200, messages: hello };

  it("answers whole and streamed alike, and settles what the provider billed", async () => {
    rig.simulator.behaviours.set(provider, "*", { answerText: "Harbours are quiet.", cachedTokensShare: 0.5 });
    const whole = await client.messages.create(ask);
    expect(whole).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Harbours are quiet." }],
      stop_reason: "end_turn",
      stop_sequence: null,
    });
    const streamed = await client.messages.stream(ask).finalMessage();
    expect(streamed.content).toMatchObject([{ type: "text", text: "Harbours are quiet." }]);
    expect(streamed).toMatchObject({ stop_reason: "end_turn", usage: { output_tokens: whole.usage.output_tokens } });
    const [entry] = rig.simulator.ledger.entries({}, 1);
    const { input = 0, cachedInput = 0, output = 0 } = entry?.tokens ?? {};
    const told = { input_tokens: input, cache_read_input_tokens: cachedInput, output_tokens: output };
    expect(whole.usage).toMatchObject(told);
    expect(streamed.usage).toMatchObject(told);
    expect(rig.gateway.settled.map(({ outcome }) => [outcome.verdict, outcome.usageSource, outcome.usage])).toEqual(
      [1, 2].map(() => ["complete", "provider_final", { input, cached_input: cachedInput, output }]),
    );
  });

  it("streams a tool call in fragments, and takes its result back", async () => {
    const asked = { ...ask, tools, tool_choice: { type: "any" as const } };
    const streamed = await client.messages.stream(asked).finalMessage();
    const [call] = streamed.content;
    if (call?.type !== "tool_use") throw new Error("no tool was called");
    expect(streamed.stop_reason).toBe("tool_use");
    expect(call).toMatchObject({ name: "weather", input: { city: expect.any(String) } });
    const whole = await client.messages.create(asked);
    expect(whole.content[0]).toMatchObject({ type: "tool_use", input: { city: expect.any(String) } });
    const answer = await client.messages.create({
      ...ask,
      tools,
      messages: [
        ...hello,
        { role: "assistant", content: streamed.content },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: call.id, content: "12 °C" },
            { type: "text", text: "And?" },
          ],
        },
      ],
    });
    expect(answer.stop_reason).toBe("end_turn");
  });

  it("keeps to a schema", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const answer = await client.messages.create({ ...ask, output_config: { format: { type: "json_schema", schema } } });
    const [block] = answer.content;
    expect(JSON.parse(block?.type === "text" ? block.text : "")).toMatchObject({ n: expect.any(Number) });
  });

  it("tells a cut by length, and a refusal", async () => {
    rig.simulator.behaviours.set(provider, "*", { outputTokens: 80 });
    expect(await client.messages.create({ ...ask, max_tokens: 5 })).toMatchObject({ stop_reason: "max_tokens" });
    rig.simulator.behaviours.set(provider, "*", { refusal: true });
    const refused = await client.messages.create(ask);
    expect(refused).toMatchObject({ stop_reason: "refusal", stop_details: { explanation: expect.any(String) } });
    expect(await client.messages.stream(ask).finalMessage()).toMatchObject({ stop_reason: "refusal" });
    expect(rig.gateway.requests.map(({ verdict }) => verdict)).toEqual(["complete", "refused", "refused"]);
  });

  it.each([
    [{ errorStatus: 429, retryAfter: "7" }, 429, "upstream_rate_limited", "rate_limit_error"],
    [{ errorStatus: 500 }, 502, "upstream_error", "api_error"],
    [{ errorStatus: 401 }, 503, "provider_credential_rejected", "api_error"],
    [{ garbage: "wrong_schema" }, 502, "upstream_malformed_output", "api_error"],
    [{ garbage: "error_in_200" }, 502, "upstream_error", "api_error"],
  ] as const)("words %o as Anthropic does", async (behaviour, status, code, type) => {
    rig.simulator.behaviours.set(provider, "*", behaviour);
    const failure = await failureOf(client.messages.create(ask));
    expect(failure.status).toBe(status);
    expect(failure.error).toMatchObject({ type: "error", error: { type, code }, request_id: expect.any(String) });
  });

  it.each([
    ["a cut", { cutAfterChunks: 5 }],
    ["an early end", { cleanEofAfterChunks: 5 }],
    ["an error event", { errorMidStream: 5 }],
  ])("%s in mid-stream reaches the client as an error", async (_, behaviour) => {
    rig.simulator.behaviours.set(provider, "*", { outputTokens: 40, tokensPerSecond: 200, ...behaviour });
    await expect(collect(await client.messages.create({ ...ask, stream: true }))).rejects.toThrow(APIError);
    expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict: expect.stringMatching(/truncated|errored/) } }]);
  });
});

it("says what is wrong with a request in Anthropic's shape", async () => {
  const failure = await failureOf(client.messages.create({ model: "native", messages: hello } as never));
  expect(failure.status).toBe(400);
  expect(failure.error).toMatchObject({ error: { type: "invalid_request_error", param: "max_tokens" } });
  const stranger = new Anthropic({ baseURL: rig.gateway.url, apiKey: "sk-sy-unknown", maxRetries: 0 });
  const refused = await failureOf(stranger.messages.create({ model: "native", max_tokens: 1, messages: hello }));
  expect(refused).toMatchObject({
    status: 401,
    error: { error: { type: "authentication_error", code: "invalid_api_key" } },
  });
  const lost = await fetch(`${rig.gateway.url}/v1/messages`);
  expect(await lost.json()).toMatchObject({ type: "error", error: { code: "method_not_allowed" } });
});

it("takes the key as x-api-key and as a bearer", async () => {
  const [key = ""] = Object.values(rig.policy.keys);
  const body = JSON.stringify({ model: "native", max_tokens: 9, messages: hello });
  for (const credential of [{ "x-api-key": key }, { authorization: `Bearer ${key}` }] as Record<string, string>[]) {
    const headers = { "content-type": "application/json", ...credential };
    const answer = await fetch(`${rig.gateway.url}/v1/messages`, { method: "POST", body, headers });
    expect([answer.status, (await answer.json()) as object]).toMatchObject([200, { type: "message" }]);
  }
});

describe("counting tokens", () => {
  it("is left to a provider that counts, with the headers that belong to it", async () => {
    const ask = { messages: hello, system: "Be brief." };
    const { input_tokens: counted } = await client.messages.countTokens({ model: "native", ...ask });
    const { usage } = await client.messages.create({ model: "native", max_tokens: 9, ...ask });
    expect(counted).toBe(usage.input_tokens);
    expect(rig.gateway.requests).toHaveLength(1);
    expect(rig.gateway.held).toHaveLength(1);
    const failure = await failureOf(
      client.messages.countTokens({ model: "native", messages: [{ role: "user", content: [] }] }),
    );
    expect([failure.status, failure.error]).toMatchObject([400, { error: { code: "upstream_rejected_request" } }]);
  });

  it.each([
    ["other", {}],
    ["native", { errorStatus: 529 }],
  ])("is an estimate, and says so, where no provider counts: %s %o", async (model, behaviour) => {
    rig.simulator.behaviours.set("anthropic", "*", behaviour);
    const messages = [{ role: "user" as const, content: "hello world, said the harbour" }];
    const { data, response } = await client.messages.countTokens({ model, messages }).withResponse();
    expect(data.input_tokens).toBeGreaterThan(5);
    expect(data.input_tokens).toBeLessThan(30);
    expect(response.headers.get("x-switchyard-warnings")).toMatch(/^param=input_tokens; action=estimated; provider=/);
  });
});

describe("a provider of the same protocol", () => {
  it("gets the request byte for byte, with the headers that belong to it, and is passed on so", async () => {
    const body = `{ "messages":[{"role":"user","content":"\\u0068i"}],\t"model":"claude-sonnet-4-5" , "max_tokens":7 }`;
    const renamed = body.replace("claude-sonnet-4-5", "native");
    const answer = await rig.send("/v1/messages", renamed, {
      "anthropic-version": "2026-10-21",
      "anthropic-beta": "x",
    });
    const [request] = rig.simulator.requests.newestFirst();
    expect(String(request?.body)).toBe(body);
    expect(request?.rawHeaders).toEqual(expect.arrayContaining(["2026-10-21", "anthropic-beta"]));
    expect(await answer.text()).toMatch(/^\{"id":"msg_[^"]+","type":"message"/);
  });

  it("is not sent the reasoning of another one", async () => {
    rig.simulator.behaviours.set("openai", "*", { answerText: "Yes." });
    const thought = {
      type: "thinking" as const,
      thinking: "Hm.",
      signature: 'switchyard.{"format":"plain","type":"thinking"}',
    };
    const messages = [
      ...hello,
      { role: "assistant" as const, content: [thought, { type: "text" as const, text: "Yes." }] },
      ...hello,
    ];
    for (const model of ["native", "other"]) await client.messages.create({ model, max_tokens: 9, messages });
    const bodies = [...rig.simulator.requests.newestFirst()].map((request) => String(request.body));
    for (const body of bodies) expect(body).not.toContain("switchyard");
    expect(JSON.parse(bodies[1] ?? "").messages[1].content).toEqual([{ type: "text", text: "Yes." }]);
  });

  it("keeps its thinking, signed, in place", async () => {
    rig.simulator.behaviours.set("anthropic", "*", { reasoningTokens: 5 });
    const { content } = await client.messages.create({ model: "native", max_tokens: 99, messages: hello });
    expect(content.map(({ type }) => type)).toEqual(["thinking", "text"]);
    const messages = [...hello, { role: "assistant" as const, content }, ...hello];
    await client.messages.create({ model: "native", max_tokens: 99, messages });
    const [request] = rig.simulator.requests.newestFirst();
    expect(JSON.parse(String(request?.body)).messages[1].content).toEqual(content);
  });
});

it("keeps numbers that no double can hold", async () => {
  const input = '{"n":12345678901234567890}';
  const body = `{"model":"other","max_tokens":9,"messages":[{"role":"user","content":"Go."},
    {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"look","input":${input}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"Done."}]}]}`;
  expect((await rig.send("/v1/messages", body)).status).toBe(200);
  const [request] = rig.simulator.requests.newestFirst();
  expect(JSON.parse(String(request?.body)).messages[1].tool_calls[0].function.arguments).toBe(input);
});

it("says which hints another protocol has no words for, and refuses what code depends on", async () => {
  const ask = { model: "other", max_tokens: 9, messages: hello };
  const { response } = await client.messages
    .create({ ...ask, service_tier: "standard_only", ...({ top_k: 4 } as object) })
    .withResponse();
  expect(response.headers.get("x-switchyard-warnings")).toBe(
    "param=service_tier; action=dropped; provider=any, param=top_k; action=dropped; provider=openai",
  );
  const search = { type: "web_search_20250305" as const, name: "web_search" as const };
  const failure = await failureOf(client.messages.create({ ...ask, tools: [search] }));
  expect(failure.error).toMatchObject({ error: { code: "unsupported_parameter", param: "tools[0]" } });
});

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const failure = await call.then(
    () => new Error("the call was answered"),
    (error: unknown) => error,
  );
  if (!(failure instanceof APIError)) throw failure;
  return failure;
}
