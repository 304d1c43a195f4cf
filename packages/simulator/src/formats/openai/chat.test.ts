import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { countTokens } from "../../text/count-tokens.ts";
import { HELLO, MODEL, startSimulator } from "../../testing/start-simulator.ts";

const WEATHER_TOOL: OpenAI.ChatCompletionTool = {
  type: "function",
  function: {
    name: "get_weather",
    parameters: {
      type: "object",
      properties: { city: { type: "string" }, unit: { enum: ["celsius", "kelvin"] } },
      required: ["city", "unit"],
    },
  },
};
const OTHER_TOOL: OpenAI.ChatCompletionTool = { type: "function", function: { name: "other" } };

describe("chat completions", () => {
  it("answers the official client, and its usage counts the text", async () => {
    const { client } = await startSimulator();
    const completion = await client.chat.completions.create(HELLO);
    expect(completion).toMatchObject({ object: "chat.completion", model: MODEL });
    expect(completion.id).toMatch(/^chatcmpl-/);
    const [choice] = completion.choices;
    expect(choice).toMatchObject({
      index: 0,
      finish_reason: "stop",
      logprobs: null,
      message: { role: "assistant", refusal: null },
    });
    const { usage } = completion;
    expect(usage?.completion_tokens).toBe(countTokens(choice?.message.content ?? ""));
    // Six tokens of text, four for the message, three for the start of the answer.
    expect(usage?.prompt_tokens).toBe(6 + 4 + 3);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));
  });

  it("sends OpenAI's response headers", async () => {
    const { client } = await startSimulator();
    const { response, request_id } = await client.chat.completions.create(HELLO).withResponse();
    expect(request_id).toMatch(/^req_[0-9a-f]{24}$/);
    expect(response.headers.get("openai-processing-ms")).toMatch(/^\d+$/);
    for (const kind of ["limit", "remaining"]) {
      for (const meter of ["requests", "tokens"])
        expect(Number(response.headers.get(`x-ratelimit-${kind}-${meter}`))).toBeGreaterThan(0);
    }
    expect(response.headers.get("x-ratelimit-reset-tokens")).toMatch(/^\d+ms$/);
  });

  it("reports cached and reasoning tokens inside OpenAI's totals and bills them apart", async () => {
    const { client, behave, settledEntries } = await startSimulator();
    behave({ outputTokens: 20, reasoningTokens: 15, cachedTokensShare: 0.5 });
    const { usage } = await client.chat.completions.create(HELLO);
    expect(usage).toMatchObject({
      prompt_tokens: 13,
      completion_tokens: 35,
      total_tokens: 48,
      prompt_tokens_details: { cached_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 15 },
    });
    const [entry] = await settledEntries();
    expect(entry?.tokens).toEqual({ input: 7, cachedInput: 6, output: 20, reasoning: 15 });
  });

  it("gives n choices with texts of their own and bills all of them", async () => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 30 });
    const { choices, usage } = await client.chat.completions.create({ ...HELLO, n: 3 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(choices.map(({ message }) => message.content)).size).toBe(3);
    expect(usage?.completion_tokens).toBe(90);
  });

  it.each(["max_tokens", "max_completion_tokens"])("stops at %s and says so", async (name) => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 30 });
    const limited = await client.chat.completions.create({ ...HELLO, [name]: 12 });
    expect(limited.choices[0]?.finish_reason).toBe("length");
    expect(countTokens(limited.choices[0]?.message.content ?? "")).toBe(12);
    expect(limited.usage?.completion_tokens).toBe(12);
    const exact = await client.chat.completions.create({ ...HELLO, [name]: 30 });
    expect(exact.choices[0]?.finish_reason).toBe("stop");
  });

  it("counts reasoning against the limit, first", async () => {
    const { client, behave } = await startSimulator();
    behave({ outputTokens: 30, reasoningTokens: 50 });
    const { choices, usage } = await client.chat.completions.create({ ...HELLO, max_completion_tokens: 40 });
    expect(choices[0]).toMatchObject({ finish_reason: "length", message: { content: "" } });
    expect(usage).toMatchObject({ completion_tokens: 40, completion_tokens_details: { reasoning_tokens: 40 } });
  });

  it("calls the tool that tool_choice requires, with arguments of its schema", async () => {
    const { client } = await startSimulator();
    const named = { type: "function" as const, function: { name: "get_weather" } };
    for (const [tools, tool_choice] of [
      [[WEATHER_TOOL, OTHER_TOOL], "required"],
      [[OTHER_TOOL, WEATHER_TOOL], named],
    ] as const) {
      const { choices } = await client.chat.completions.create({ ...HELLO, tools: [...tools], tool_choice });
      expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: null } });
      const [call] = choices[0]?.message.tool_calls ?? [];
      if (call?.type !== "function") throw new Error("no function call");
      expect(call.id).toMatch(/^call_/);
      expect(call.function.name).toBe("get_weather");
      expect(JSON.parse(call.function.arguments)).toEqual({
        city: expect.any(String),
        unit: expect.stringMatching(/celsius|kelvin/),
      });
    }
  });

  it("calls a tool when the last user message asks for it, and only then", async () => {
    const { client } = await startSimulator();
    const ask = (content: string, tool_choice?: "none"): Promise<OpenAI.ChatCompletion> =>
      client.chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content }],
        tools: [WEATHER_TOOL],
        ...(tool_choice && { tool_choice }),
      });
    expect((await ask(`Weather? [[tool]]`)).choices[0]?.finish_reason).toBe("tool_calls");
    expect((await ask("Weather?")).choices[0]?.finish_reason).toBe("stop");
    expect((await ask(`Weather? [[tool]]`, "none")).choices[0]?.finish_reason).toBe("stop");
  });

  it("answers in prose once the tool's result is there", async () => {
    const { client } = await startSimulator();
    const { choices } = await client.chat.completions.create({
      model: MODEL,
      tools: [WEATHER_TOOL],
      messages: [
        { role: "user", content: `Weather? [[tool]]` },
        {
          role: "assistant",
          tool_calls: [{ id: "call_1", type: "function", function: { name: "get_weather", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "call_1", content: "sunny" },
      ],
    });
    expect(choices[0]?.finish_reason).toBe("stop");
  });

  it("answers with JSON where the response format asks for it", async () => {
    const { client } = await startSimulator();
    const free = await client.chat.completions.create({ ...HELLO, response_format: { type: "json_object" } });
    expect(JSON.parse(free.choices[0]?.message.content ?? "")).toEqual(expect.any(Object));

    const properties = { name: { type: "string" as const }, age: { type: "integer" as const, minimum: 18 } };
    const schema = { type: "object" as const, properties, required: ["name", "age"] };
    const bound = await client.chat.completions.create({
      ...HELLO,
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
    });
    expect(() => z.fromJSONSchema(schema).parse(JSON.parse(bound.choices[0]?.message.content ?? ""))).not.toThrow();
  });

  it("counts images, other parts, names and tools as input", async () => {
    const { client } = await startSimulator();
    const promptTokens = async (extra: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>): Promise<number> =>
      (await client.chat.completions.create({ ...HELLO, ...extra })).usage?.prompt_tokens ?? 0;
    const image: OpenAI.ChatCompletionContentPart = {
      type: "image_url",
      image_url: { url: "https://example.com/a.png" },
    };
    const content: OpenAI.ChatCompletionContentPart[] = [{ type: "text", text: "two words" }, image, image];
    expect(await promptTokens({ messages: [{ role: "user", content }] })).toBe(2 + 85 * 2 + 4 + 3);
    expect(await promptTokens({ messages: [{ role: "user", name: "ann", content: "hi" }] })).toBe(1 + 1 + 4 + 3);
    expect(await promptTokens({ tools: [WEATHER_TOOL] })).toBe(13 + countTokens(JSON.stringify([WEATHER_TOOL])));
  });

  it.each([
    ["{", { code: "invalid_json" }],
    ["[]", { param: null }],
    ['{"messages":[{"role":"user","content":"x"}]}', { param: "model" }],
    [`{"model":"${"m".repeat(257)}","messages":[{}]}`, { param: "model" }],
    ['{"model":"m"}', { param: "messages", code: "missing_required_parameter" }],
    ['{"model":"m","messages":[]}', { param: "messages" }],
    ['{"model":"m","messages":[{}],"n":0}', { param: "n" }],
    ['{"model":"m","messages":[{}],"n":129}', { param: "n" }],
    ['{"model":"m","messages":[{}],"max_tokens":0}', { param: "max_tokens" }],
    ['{"model":"m","messages":[{}],"max_completion_tokens":"many"}', { param: "max_completion_tokens" }],
    ['{"model":"m","messages":[{}],"tool_choice":"required"}', { param: "tool_choice" }],
    [
      '{"model":"m","messages":[{}],"tools":[],"tool_choice":{"type":"function","function":{"name":"x"}}}',
      { param: "tool_choice" },
    ],
  ])("rejects bad request %#", async (body, error) => {
    const { post, settledEntries } = await startSimulator();
    const response = await post("/v1/chat/completions", body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: expect.objectContaining({ type: "invalid_request_error", ...error }),
    });
    expect(await settledEntries()).toMatchObject([{ model: "", status: 400, outcome: "rejected", billed: false }]);
  });

  it("survives nesting without end", async () => {
    const { post } = await startSimulator();
    const content = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const response = await post(
      "/v1/chat/completions",
      `{"model":"m","messages":[{"role":"user","content":${content}}]}`,
    );
    expect(response.status).toBe(200);
  });

  it("takes null for an absent parameter", async () => {
    const { post } = await startSimulator();
    const response = await post("/v1/chat/completions", {
      ...HELLO,
      n: null,
      max_tokens: null,
      tools: null,
      stream: null,
      stream_options: null,
      response_format: null,
    });
    expect(response.status).toBe(200);
  });
});
