import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestChanges } from "../provider-codec.ts";
import { encodeFields } from "../testing/encode-fields.ts";
import { decodeUtf8 } from "../text/utf8.ts";
import { encodeAnthropicRequest } from "./encode-request.ts";

type Json = Record<string, unknown>;

const hello = [{ role: "user", content: "Hi" }];
const old = "claude-sonnet-4-5";
const recent = "claude-opus-5";

const { encode, accepted } = encodeFields(encodeAnthropicRequest, { model: old, outputTokensCap: 1_000 });

describe("parameters", () => {
  test.each<[Json, Json]>([
    [{ max_completion_tokens: 7 }, { max_tokens: 7 }],
    [{ stop: "END" }, { stop_sequences: ["END"] }],
    [{ stop: ["a", "b", "c", "d"] }, { stop_sequences: ["a", "b", "c", "d"] }],
    [
      { temperature: 0.5, top_k: 3 },
      { temperature: 0.5, top_k: 3 },
    ],
    [{ user: "u-1" }, { metadata: { user_id: "u-1" } }],
    [{ stream: true, stream_options: { include_usage: true } }, { stream: true }],
    [
      {
        response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema: { type: "object" } } },
      },
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
    ],
    [{ response_format: { type: "text" }, n: 1, logprobs: false, service_tier: "auto" }, {}],
  ])("%j are translated", (fields, expected) => {
    const { body } = accepted(fields);
    expect(body).toMatchObject({ model: old, max_tokens: 1_000, ...expected });
    expect(Object.keys(body).toSorted()).toEqual(
      [...new Set(["model", "messages", "max_tokens", ...Object.keys(expected)])].toSorted(),
    );
  });

  const tools = [{ type: "function", function: { name: "f", description: "d", parameters: { type: "object" } } }];

  test.each<[Json, Json | undefined]>([
    [{ tool_choice: "auto" }, undefined],
    [{ tool_choice: "none" }, { type: "none" }],
    [{ tool_choice: "required" }, { type: "any" }],
    [{ tool_choice: { type: "function", function: { name: "f" } } }, { type: "tool", name: "f" }],
    [{ parallel_tool_calls: false }, { type: "auto", disable_parallel_tool_use: true }],
    [
      { parallel_tool_calls: false, tool_choice: "required" },
      { type: "any", disable_parallel_tool_use: true },
    ],
  ])("%j choose the tool", (fields, expected) => {
    const { body } = accepted({ tools, ...fields });
    expect(body["tools"]).toEqual([{ name: "f", description: "d", input_schema: { type: "object" } }]);
    expect(body["tool_choice"]).toEqual(expected);
  });

  test("keep hints of where a prompt may be cached", () => {
    const hint = { cache_control: { type: "ephemeral", ttl: "1h" } };
    const { body } = accepted({ tools: tools.map((tool) => ({ ...tool, ...hint })) });
    expect(body["tools"]).toMatchObject([hint]);
  });

  test.each<[Json, string]>([
    [{ n: 2 }, "n"],
    [{ logprobs: true }, "logprobs"],
    [{ modalities: ["text", "audio"] }, "modalities"],
    [{ stop: ["a", "\n"] }, "stop"],
    [{ response_format: { type: "json_object" }, tools }, "response_format"],
    [{ tools: [{ type: "custom", custom: { name: "c" } }] }, "tools[0]"],
    [{ tools, tool_choice: { type: "allowed_tools" } }, "tool_choice"],
    [{ reasoning_effort: "extreme" }, "reasoning_effort"],
  ])("%j are refused", (fields, param) => {
    expect(encode(fields)).toMatchObject({ ok: false, param });
  });

  test.each<[Json, Partial<RequestChanges>, string[]]>([
    [
      { seed: 1, store: true, frequency_penalty: 0, presence_penalty: 1 },
      {},
      ["seed; action=dropped", "store; action=dropped", "presence_penalty; action=dropped"],
    ],
    [{ x_of_tomorrow: 1 }, {}, ["x_of_tomorrow; action=dropped"]],
    [{ temperature: 1.5 }, {}, ["temperature; action=clamped to 1"]],
    [{ temperature: 1, top_p: 0.9 }, {}, ["top_p; action=dropped"]],
    [{ temperature: 0.2 }, { model: recent }, ["temperature; action=dropped"]],
    [{}, { outputTokensCap: null, modelOutputTokens: 8_000 }, ["max_tokens; action=set to 8000"]],
    [{}, { outputTokensCap: null }, ["max_tokens; action=set to 64000"]],
    [{ max_tokens: 500, reasoning_effort: "low" }, {}, ["reasoning_effort; action=dropped"]],
  ])("%j warn of what becomes of them", (fields, changes, warnings) => {
    expect(accepted(fields, changes).warnings).toEqual(warnings.map((line) => `param=${line}; provider=anthropic`));
  });

  test.each<[string, string, Json]>([
    ["none", old, { thinking: { type: "disabled" } }],
    ["low", old, { thinking: { type: "enabled", budget_tokens: 2_048 } }],
    ["high", old, { thinking: { type: "enabled", budget_tokens: 5_000 } }],
    ["none", "claude-sonnet-5-5", { thinking: { type: "between_tools" } }],
    ["minimal", recent, { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } }],
    ["xhigh", recent, { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "xhigh" } }],
    ["xhigh", "claude-opus-4-6", { thinking: { type: "adaptive" }, output_config: { effort: "max" } }],
  ])("effort %s is thinking for %s", (effort, model, expected) => {
    const { body } = accepted({ reasoning_effort: effort }, { model, outputTokensCap: 10_000 });
    expect({ thinking: body["thinking"], output_config: body["output_config"] }).toEqual({
      output_config: undefined,
      ...expected,
    });
  });

  test.each([
    ["claude-fable-5-1", { reasoning_effort: "none" }, "reasoning_effort"],
    ["claude-opus-5-5", { reasoning_effort: "none" }, "reasoning_effort"],
    ["claude-opus-5-5", { tools, tool_choice: "required" }, "tool_choice"],
    ["claude-opus-5-5", { response_format: { type: "json_object" } }, "response_format"],
  ])("%s refuses %j, and is not asked", (model, fields, param) => {
    expect(encode(fields, { model })).toMatchObject({ ok: false, param });
  });

  test("a forced tool, or a turn of tools that another model began, goes without thinking", () => {
    const changes = { model: recent, outputTokensCap: 10_000 };
    const forced = accepted({ tools, tool_choice: "required", reasoning_effort: "high" }, changes);
    const messages = [
      ...hello,
      { role: "assistant", tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }] },
      { role: "tool", tool_call_id: "a", content: "1" },
    ];
    const continued = accepted({ messages, tools, reasoning_effort: "high" }, changes);
    for (const { body, warnings } of [forced, continued]) {
      expect(body).not.toHaveProperty("thinking");
      expect(warnings).toEqual(["param=reasoning_effort; action=dropped; provider=anthropic"]);
    }
  });

  test("whatever a client sends gives a request or a refusal, never an exception", () => {
    const json = fc.jsonValue();
    const message = fc.record(
      {
        role: fc.constantFrom("system", "user", "assistant", "tool", 7),
        content: json,
        tool_calls: fc.oneof(json, fc.array(fc.record({ id: json, function: json }))),
        tool_call_id: json,
        reasoning_details: fc.array(json),
      },
      { requiredKeys: ["role"] },
    );
    const fields = fc.record(
      {
        messages: fc.array(message),
        tools: json,
        tool_choice: json,
        stop: json,
        response_format: json,
        reasoning_effort: json,
        temperature: json,
        user: json,
      },
      { requiredKeys: ["messages"] },
    );
    fc.assert(
      fc.property(fields, (some) => {
        const encoding = encode(some as Json);
        expect(encoding.ok ? decodeUtf8(encoding.body) : encoding.message).not.toBe("");
      }),
    );
  });
});
