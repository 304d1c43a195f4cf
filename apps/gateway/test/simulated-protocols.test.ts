/** The official OpenAI client, through the gateway, to the simulator's own protocols of clouds, whose ledger says what was billed. */
import type { Behaviour } from "@switchyard/simulator/behaviour/behaviour";
import { APIError, type OpenAI } from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const tools: OpenAI.Chat.ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "weather",
      parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  },
];
const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

const anyText: unknown = expect.any(String);

type Asked = Partial<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming>;

const filtered: [Behaviour, Asked, string] = [{ contentFilter: true }, {}, "content_filter"];

const subjects = [
  { kind: "google-gemini", providerModel: "gemini-3-flash", surface: "/v1beta" },
  { kind: "cohere", providerModel: "command-a", surface: "/v2", hasFilter: false },
  // Thoughts are output that it does not count apart.
  { kind: "aws-bedrock", providerModel: "eu.anthropic.claude-x", surface: "", countsThoughts: false },
  { kind: "azure-openai", providerModel: "our-gpt", surface: "/openai/deployments", showsThoughts: false },
];

describe.each(subjects)("$kind", ({ kind, providerModel, surface, ...traits }) => {
  const { hasFilter = true, showsThoughts = true, countsThoughts = true } = traits;

  beforeEach(async () => {
    rig = await startGatewayAndProviders((urlOf) => [
      {
        name: "translated",
        targets: [{ kind, providerModel, credential: "test-key", baseUrl: urlOf("any").replace(/\/v1$/, surface) }],
      },
    ]);
  });

  afterEach(() => rig.close());

  /** The same call whole and streamed, put together by the client's own code. */
  async function both(fields: Asked = {}) {
    const asked = { model: "translated", messages: hello, ...fields };
    const whole = await rig.client.chat.completions.create(asked);
    const streamed = await rig.client.chat.completions
      .stream({ ...asked, stream: true, stream_options: { include_usage: true } })
      .finalChatCompletion();
    return [whole, streamed] as const;
  }

  function behave(behaviour: Behaviour): void {
    rig.simulator.behaviours.set("any", "*", behaviour);
  }

  it("answers the same whole and streamed, and settles what was billed", async () => {
    behave({ reasoningTokens: 12, cachedTokensShare: 0.5, answerText: "Harbours are quiet — 港." });
    const [whole, streamed] = await both();
    const thoughts = showsThoughts ? { reasoning_content: anyText } : {};
    for (const answer of [whole, streamed]) {
      expect(answer.choices).toMatchObject([
        {
          finish_reason: "stop",
          message: {
            content: "Harbours are quiet — 港.",
            ...thoughts,
          },
        },
      ]);
    }
    expect(streamed.usage).toEqual(whole.usage);
    const billed = rig.simulator.ledger.entries({}, 2).map(({ tokens }) => ({
      input: tokens.input,
      cached_input: tokens.cachedInput,
      ...(countsThoughts
        ? { output: tokens.output, reasoning: tokens.reasoning }
        : { output: tokens.output + tokens.reasoning }),
    }));
    expect(rig.gateway.settled.map(({ outcome }) => outcome.usage)).toEqual(billed);
  });

  it("calls tools, and goes on with their results", async () => {
    const [whole, streamed] = await both({ tools, tool_choice: "required" });
    for (const { choices } of [whole, streamed]) {
      expect(choices[0]?.finish_reason).toBe("tool_calls");
      const [call] = choices[0]?.message.tool_calls ?? [];
      expect(call).toMatchObject({ type: "function", function: { name: "weather" } });
      expect(JSON.parse(call?.type === "function" ? call.function.arguments : "")).toMatchObject({
        city: expect.any(String),
      });
    }
    const { message } = whole.choices[0]!;
    const results = (message.tool_calls ?? []).map(({ id }) => ({
      role: "tool" as const,
      tool_call_id: id,
      content: "Rain.",
    }));
    const [next] = await both({ tools, messages: [...hello, message, ...results] });
    expect(next.choices[0]?.finish_reason).toBe("stop");
  });

  it("keeps to a schema, and sees images", async () => {
    const [whole] = await both({
      response_format: { type: "json_schema", json_schema: { name: "place", schema } },
      messages: [
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }] },
      ],
    });
    expect(JSON.parse(whole.choices[0]?.message.content ?? "")).toMatchObject({ city: expect.any(String) });
  });

  it.each<[Behaviour, Asked, string]>([
    [{ outputTokens: 90 }, { max_tokens: 5 }, "length"],
    ...(hasFilter ? [filtered] : []),
  ])("with %o and %j ends in %s", async (behaviour, fields, finish) => {
    behave(behaviour);
    const asked = { model: "translated", messages: hello, ...fields };
    const whole = await rig.client.chat.completions.create(asked);
    expect(whole.choices[0]?.finish_reason).toBe(finish);
    const stream = await rig.client.chat.completions.create({
      model: "translated",
      messages: hello,
      ...fields,
      stream: true,
    });
    const chunks = await collect(stream);
    expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual([finish]);
  });

  it.each<[Behaviour, string]>([
    [{ cleanEofAfterChunks: 2 }, "truncated"],
    [{ cutAfterBytes: 700 }, "truncated"],
    [{ errorMidStream: 2 }, "errored"],
  ])("tells a stream broken by %o from a whole one", async (behaviour, verdict) => {
    behave(behaviour);
    const asked = { model: "translated", messages: hello, stream: true } as const;
    const broken = rig.client.chat.completions.create(asked).then((stream) => collect(stream));
    await expect(broken).rejects.toThrow(APIError);
    expect(rig.gateway.settled).toMatchObject([{ outcome: { verdict } }]);
  });

  it.each([
    [401, 503, "provider_credential_rejected"],
    [429, 429, "upstream_rate_limited"],
    [404, 404, "model_not_found"],
  ])("an error %i becomes %i %s", async (errorStatus, status, code) => {
    behave({ errorStatus });
    const failure: unknown = await rig.client.chat.completions
      .create({ model: "translated", messages: hello })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status, code });
  });
});
