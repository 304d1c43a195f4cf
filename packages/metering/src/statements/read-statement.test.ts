import { describe, expect, it } from "vitest";
import { formatUsd } from "../pico-usd.ts";
import { readStatement } from "./read-statement.ts";
import { StatementError, type StatementFormat } from "./statement-line.ts";

const read = (format: StatementFormat, content: string, mapping: Parameters<typeof readStatement>[2] = null) =>
  readStatement(format, content, mapping).map(({ costPicoUsd, ...line }) => ({
    ...line,
    costUsd: costPicoUsd === null ? null : formatUsd(costPicoUsd),
  }));

// In the shapes that the providers' API references print.
const openaiCosts = `{"object":"page","data":[{"object":"bucket","start_time":1730419200,"end_time":1730505600,"results":[
  {"object":"organization.costs.result","amount":{"value":0.06,"currency":"usd"},"line_item":"gpt-4o-mini-2024-07-18, input","project_id":null},
  {"object":"organization.costs.result","amount":{"value":1.2345678901234567890e-1,"currency":"usd"},"line_item":null}]},
  {"object":"bucket","start_time":1730505600,"end_time":1730592000,"results":[]}],"has_more":false,"next_page":null}`;
const openaiUsage = `{"object":"page","data":[{"object":"bucket","start_time":1730419200,"end_time":1730505600,"results":[
  {"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":500,"input_cached_tokens":800,
   "num_model_requests":5,"model":"gpt-4o"}]}]}`;
const anthropicCosts = `{"data":[{"starting_at":"2025-08-01T00:00:00Z","ending_at":"2025-08-02T00:00:00Z","results":[
  {"currency":"USD","amount":"123.78912","workspace_id":null,"description":"Claude Sonnet 4 Usage - Input Tokens",
   "cost_type":"tokens","context_window":"0-200k","model":"claude-sonnet-4-20250514","service_tier":"standard",
   "token_type":"uncached_input_tokens"}]}],"has_more":false,"next_page":null}`;
const anthropicUsage = `{"data":[{"starting_at":"2025-08-01T00:00:00Z","ending_at":"2025-08-02T00:00:00Z","results":[
  {"uncached_input_tokens":1500,"cache_creation":{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500},
   "cache_read_input_tokens":200,"output_tokens":500,"model":"claude-sonnet-4-20250514"}]}]}`;

describe("statements of providers", () => {
  it.each([
    ["openai_costs", openaiCosts, [
      { day: "2024-11-01", providerModel: "gpt-4o-mini-2024-07-18", tokens: null, requests: null, costUsd: "0.06" },
      { day: "2024-11-01", providerModel: null, tokens: null, requests: null, costUsd: "0.123456789012" },
    ]],
    ["openai_usage", openaiUsage, [{ day: "2024-11-01", providerModel: "gpt-4o", tokens: 1500n, requests: 5n, costUsd: null }]],
    ["anthropic_cost_report", anthropicCosts, [
      { day: "2025-08-01", providerModel: "claude-sonnet-4-20250514", tokens: null, requests: null, costUsd: "1.2378912" },
    ]],
    ["anthropic_usage_report", anthropicUsage, [
      { day: "2025-08-01", providerModel: "claude-sonnet-4-20250514", tokens: 3700n, requests: null, costUsd: null },
    ]],
  ] as const)("%s", (format, content, lines) => {
    expect(read(format, content)).toEqual(lines);
    expect(read(format, `[${content},${content}]`)).toEqual([...lines, ...lines]);
  }); // prettier-ignore

  it("come as CSV by the names of their columns", () => {
    const content = '\uFEFFDate,Model,In,Out,Calls,"Cost, USD"\r\n2026-01-31,"a ""b"", c",10,5,2,$0.10\n2026-02-01T23:59:59Z,,0,0,,0\n';
    const mapping = { day: "Date", model: "Model", tokens: ["In", "Out"], requests: "Calls", cost: "Cost, USD" };
    expect(read("csv", content.replace(",,0,0,,0", ",,0,0,0,0"), mapping)).toEqual([
      { day: "2026-01-31", providerModel: 'a "b", c', tokens: 15n, requests: 2n, costUsd: "0.1" },
      { day: "2026-02-01", providerModel: null, tokens: 0n, requests: 0n, costUsd: "0" },
    ]);
    expect(read("csv", "d,c\n2026-01-31,-0.5", { day: "d", cost: "c" })).toMatchObject([{ costUsd: "-0.5" }]);
  }); // prettier-ignore

  it.each([
    ["openai_costs", "{", null, "not valid JSON"],
    ["openai_costs", '{"error":{}}', null, '"data"'],
    ["openai_costs", openaiCosts.replaceAll("usd", "eur"), null, "not in US dollars"],
    ["openai_costs", openaiCosts.replace("0.06", '"NaN"'), null, "no amount"],
    ["openai_usage", openaiUsage.replace("1000", "-1000"), null, "no count"],
    ["anthropic_cost_report", anthropicCosts.replace("2025-08-01T00", "yesterday"), null, "no day"],
    ["csv", "Date\n2026-01-01", null, "names of its columns"],
    ["csv", "Date\n2026-01-01", { day: "Day" }, 'no column "Day"'],
    ["csv", "Day,Cost\n2026-01-01", { day: "Day" }, "Line 2 has 1 cells"],
    ["csv", 'Day\n"2026', { day: "Day" }, "does not end"],
  ] as const)("%s: refuses %s", (format, content, mapping, message) => {
    expect(() => readStatement(format, content, mapping)).toThrow(StatementError);
    expect(() => readStatement(format, content, mapping)).toThrow(message);
  });
});
