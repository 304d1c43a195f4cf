/** The official OpenAI client's Responses through the gateway: to OpenAI itself, and to providers of other protocols. */
import OpenAI, { APIError } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const providers = { native: "openai", chat: "groq", claude: "anthropic" } as const;
const tools: OpenAI.Responses.Tool[] = [
  {
    type: "function",
    name: "weather",
    strict: false,
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "native", targets: [{ baseUrl: urlOf("openai"), kind: "openai", providerModel: "gpt", credential: "k" }] },
    { name: "chat", targets: [{ baseUrl: urlOf("groq"), kind: "groq", providerModel: "m", credential: "k" }] },
    {
      name: "claude",
      targets: [
        { baseUrl: urlOf("anthropic"), kind: "anthropic", providerModel: "claude-sonnet-4-5", credential: "k" },
      ],
    },
  ]);
});

afterEach(() => rig.close());

describe.each(Object.entries(providers))("a route to a provider of %s", (model, provider) => {
  const ask = { model, input: "hello" };

  it("answers whole and streamed alike, and settles what the provider billed", async () => {
    rig.simulator.behaviours.set(provider, "*", { answerText: "Harbours are quiet.", cachedTokensShare: 0.5 });
    const whole = await rig.client.responses.create(ask);
    expect(whole).toMatchObject({ object: "response", status: "completed", output_text: "Harbours are quiet." });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    const stream = rig.client.responses.stream(ask);
    for await (const event of stream) events.push(event);
    const streamed = await stream.finalResponse();
    expect(streamed.output_text).toBe("Harbours are quiet.");
    expect(streamed.usage).toEqual(whole.usage);
    expect(events.map(({ sequence_number: number }) => number)).toEqual([...events.keys()]);
    const deltas = events.flatMap((event) => (event.type === "response.output_text.delta" ? [event.delta] : []));
    expect(deltas.join("")).toBe("Harbours are quiet.");
    expect(deltas.length).toBeGreaterThan(1);
    const [entry] = rig.simulator.ledger.entries({}, 1);
    const { input = 0, cachedInput = 0, output = 0 } = entry?.tokens ?? {};
    expect(whole.usage).toMatchObject({
      input_tokens: input + cachedInput,
      input_tokens_details: { cached_tokens: cachedInput },
      output_tokens: output,
      total_tokens: input + cachedInput + output,
    });
    expect(rig.gateway.settled.map(({ outcome }) => [outcome.verdict, outcome.usageSource, outcome.usage])).toEqual(
      [1, 2].map(() => ["complete", "provider_final", { input, cached_input: cachedInput, output }]),
    );
  });

  it("streams a function call in fragments, and takes its result back", async () => {
    const asked = { ...ask, tools, tool_choice: "required" as const };
    const streamed = await rig.client.responses.stream(asked).finalResponse();
    const [call] = streamed.output;
    if (call?.type !== "function_call") throw new Error("no function was called");
    expect(JSON.parse(call.arguments)).toMatchObject({ city: expect.any(String) });
    expect((await rig.client.responses.create(asked)).output).toMatchObject([
      { type: "function_call", name: "weather" },
    ]);
    const { parsed_arguments: _parsed, ...item } = call;
    const answer = await rig.client.responses.create({
      model,
      instructions: "Be brief.",
      tools,
      input: [
        { role: "user", content: "hello" },
        item,
        { type: "function_call_output", call_id: call.call_id, output: "12 °C" },
      ],
    });
    expect(answer.output_text).toBeTruthy();
  });

  it("keeps to a schema", async () => {
    const schema = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const answer = await rig.client.responses.create({
      ...ask,
      text: { format: { type: "json_schema", name: "n", schema, strict: true } },
    });
    expect(JSON.parse(answer.output_text)).toMatchObject({ n: expect.any(Number) });
  });

  it("tells a cut by length and a refusal", async () => {
    rig.simulator.behaviours.set(provider, "*", { outputTokens: 80 });
    expect(await rig.client.responses.create({ ...ask, max_output_tokens: 16 })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
    rig.simulator.behaviours.set(provider, "*", { refusal: true });
    const refused = await rig.client.responses.create(ask);
    expect(refused.output).toMatchObject([{ content: [{ type: "refusal", refusal: expect.any(String) }] }]);
    expect((await rig.client.responses.stream(ask).finalResponse()).output).toMatchObject([
      { content: [{ type: "refusal" }] },
    ]);
    expect(rig.gateway.requests.map(({ verdict }) => verdict)).toEqual(["complete", "refused", "refused"]);
  });

  it.each([
    [{ errorStatus: 429, retryAfter: "7" }, 429, "upstream_rate_limited"],
    [{ errorStatus: 401 }, 503, "provider_credential_rejected"],
    [{ garbage: "wrong_schema" }, 502, "upstream_malformed_output"],
    [{ garbage: "error_in_200" }, 502, "upstream_error"],
    [{ garbage: "truncated_json" }, 502, "upstream_malformed_output"],
  ] as const)("words %o as OpenAI does", async (behaviour, status, code) => {
    rig.simulator.behaviours.set(provider, "*", behaviour);
    const failure = await failureOf(rig.client.responses.create(ask));
    expect([failure.status, failure.code]).toEqual([status, code]);
  });

  it.each([
    ["a cut", { cutAfterChunks: 6 }],
    ["an early end", { cleanEofAfterChunks: 6 }],
    ["an error event", { errorMidStream: 6 }],
  ])("%s in mid-stream reaches the client as an error, and as a response that failed", async (_, behaviour) => {
    rig.simulator.behaviours.set(provider, "*", { outputTokens: 40, tokensPerSecond: 200, ...behaviour });
    await expect(collect(await rig.client.responses.create({ ...ask, stream: true }))).rejects.toThrow(APIError);
    rig.simulator.behaviours.set(provider, "*", { outputTokens: 40, tokensPerSecond: 200, ...behaviour });
    const raw = await rig.send("/v1/responses", JSON.stringify({ ...ask, stream: true }));
    const numbers: number[] = [];
    let text = "";
    try {
      const decoder = new TextDecoder();
      for await (const chunk of raw.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true });
    } catch {
      // The connection is closed behind the error.
    }
    for (const [, data = ""] of text.matchAll(/^data: (.*)$/gm)) numbers.push(JSON.parse(data).sequence_number);
    expect(numbers).toEqual([...numbers.keys()]);
    expect(text).toMatch(/event: error\ndata: .*"code":.*\n\nevent: response.failed\ndata: .*"status":"failed".*\n\n$/);
    for (const { outcome } of rig.gateway.settled) expect(outcome.verdict).toMatch(/truncated|errored/);
  });
});

it("passes a request and its answer byte for byte where the provider speaks the same", async () => {
  const body = `{ "input":"\\u0068i",\t"model":"gpt", "previous_response_id":"resp_1" }`;
  const response = await rig.send("/v1/responses", body.replace('"gpt"', '"native"'));
  const [request] = rig.simulator.requests.newestFirst();
  expect(String(request?.body)).toBe(body);
  expect(await response.json()).toMatchObject({ previous_response_id: "resp_1", store: true });
});

it("gives reasoning back to the provider it came from, and to no other", async () => {
  rig.simulator.behaviours.set("anthropic", "*", { reasoningTokens: 5 });
  const first = await rig.client.responses.create({ model: "claude", input: "hello" });
  expect(first.output.map(({ type }) => type)).toEqual(["reasoning", "message"]);
  const input = [
    { role: "user" as const, content: "hello" },
    ...first.output,
    { role: "user" as const, content: "Go on." },
  ];
  for (const model of ["claude", "chat", "native"]) {
    await rig.client.responses.create({ model, input: input as OpenAI.Responses.ResponseInput });
  }
  const [native, chat, claude] = [...rig.simulator.requests.newestFirst()].map(({ body }) => String(body));
  expect(JSON.parse(claude ?? "").messages[1].content[0]).toMatchObject({
    type: "thinking",
    thinking: expect.any(String),
    signature: expect.stringMatching(/^[A-Za-z0-9+/]/),
  });
  for (const body of [native, chat, claude]) expect(body).not.toContain("switchyard");
  expect(native).not.toContain("reasoning");
});

it.each([
  ["previous_response_id", { previous_response_id: "resp_1" }],
  ["tools[0]", { tools: [{ type: "web_search" }] }],
  ["include", { include: ["file_search_call.results"] }],
  ["include", { include: ["message.output_text.logprobs"] }],
  ["top_logprobs", { top_logprobs: 2 }],
] as const)(
  "refuses %s where no target keeps conversations, runs tools or tells probabilities",
  async (param, more) => {
    const failure = await failureOf(
      rig.client.responses.create({ model: "claude", input: "hello", ...(more as object) }),
    );
    expect([failure.status, failure.code, failure.param]).toEqual([400, "unsupported_parameter", param]);
  },
);

it("refuses what cannot be billed for, wherever it goes", async () => {
  const search = await failureOf(
    rig.client.responses.create({ model: "native", input: "hello", tools: [{ type: "web_search" }] }),
  );
  expect([search.status, search.code, search.param]).toEqual([400, "unsupported_parameter", "tools[0]"]);
  const background = await failureOf(
    rig.client.responses.create({ model: "native", input: "hello", background: true }),
  );
  expect([background.status, background.param]).toEqual([400, "background"]);
});

async function failureOf(call: Promise<unknown>): Promise<APIError> {
  const failure = await call.then(
    () => new Error("the call was answered"),
    (error: unknown) => error,
  );
  if (!(failure instanceof APIError)) throw failure;
  return failure;
}
