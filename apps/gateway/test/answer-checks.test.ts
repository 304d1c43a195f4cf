import { createHash } from "node:crypto";
import type { AnswerValidation } from "@switchyard/policy-engine/validation/answer-rules";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

const checks: AnswerValidation = {
  mode: "retry",
  refusals: false,
  buffered: true,
  mostBytes: 65_536,
  whenTooLong: "stream",
};
const schema = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
  additionalProperties: false,
};
const inSchema = { response_format: { type: "json_schema", json_schema: { name: "place", strict: true, schema } } };
const good = { answerText: '{"city":"Bern"}' };
const bad = { answerText: '{"town":"Bern"}' };

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => {
    const targets = [{ baseUrl: urlOf("first") }, { baseUrl: urlOf("second"), providerModel: "larger-model" }];
    const priority = { type: "priority" } as const;
    return [
      { name: "checked", targets, strategy: priority, validation: checks },
      { name: "observed", targets, strategy: priority, validation: { ...checks, mode: "observe" } },
      { name: "strict", targets, strategy: priority, validation: { ...checks, refusals: true } },
      { name: "small", targets, strategy: priority, validation: { ...checks, mostBytes: 1_024 } },
      {
        name: "small-refusing",
        targets,
        strategy: priority,
        validation: { ...checks, mostBytes: 1_024, whenTooLong: "refuse" },
      },
      { name: "cascade", targets, strategy: { type: "cascade", refusals: true, charactersAtLeast: 5 } },
    ];
  });
});

afterEach(() => rig.close());

async function ask(model: string, fields: object = {}): Promise<{ response: Response; text: string }> {
  const body = JSON.stringify({ model, messages: hello, ...fields });
  const response = await rig.send("/v1/chat/completions", body);
  return { response, text: await response.text() };
}

const last = () => rig.gateway.requests.at(-1);
const codes = (): readonly string[] => last()?.because.map(({ code }) => code) ?? [];

function saidIn(text: string): string {
  return text
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] })
    .map(({ choices }) => choices[0]?.delta.content ?? "")
    .join("");
}

describe.each([true, false])("an answer that is checked, streamed: %s", (stream) => {
  it("replaces one that breaks the schema, bills both, and tells the digest of what was delivered", async () => {
    rig.simulator.behaviours.set("first", "*", bad);
    rig.simulator.behaviours.set("second", "*", good);
    const { response, text } = await ask("checked", { ...inSchema, stream });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-switchyard-attempts")).toBe("2");
    expect(text).not.toContain("town");
    const outcomes = rig.gateway.settled.map(({ outcome }) => outcome);
    const verdicts = outcomes.map(({ verdict, failureClass, mayBeBilled }) => [verdict, failureClass, mayBeBilled]);
    expect(verdicts).toEqual([
      ["invalid", "invalid_answer", true],
      ["complete", null, true],
    ]);
    expect(outcomes.every(({ usageSource }) => usageSource === "provider_final")).toBe(true);
    const digest = createHash("sha256").update(text).digest("hex");
    expect(last()?.because.find(({ code }) => code === "answer_checked")?.text).toContain(digest);
  });

  it("answers with an error where no answer is any good", async () => {
    rig.simulator.behaviours.set("*", "*", bad);
    const { response, text } = await ask("checked", { ...inSchema, stream });
    expect(response.status).toBe(502);
    expect(text).toContain("answer_invalid");
  });

  it("replaces an empty one", async () => {
    rig.simulator.behaviours.set("first", "*", { emptyAnswer: true });
    rig.simulator.behaviours.set("second", "*", { answerText: "Something." });
    const { response } = await ask("checked", { stream });
    expect(response.headers.get("x-switchyard-attempts")).toBe("2");
    expect(last()?.verdict).toBe("complete");
  });

  it("takes a refusal elsewhere only where the route says so", async () => {
    rig.simulator.behaviours.set("first", "*", { refusal: true });
    expect((await ask("checked", { stream })).response.headers.get("x-switchyard-attempts")).toBe("1");
    expect(last()?.verdict).toBe("refused");
    expect((await ask("strict", { stream })).response.headers.get("x-switchyard-attempts")).toBe("2");
  });

  it("is content with an answer that the client itself cut short", async () => {
    rig.simulator.behaviours.set("*", "*", { outputTokens: 50 });
    const { response } = await ask("checked", { stream, max_tokens: 5 });
    expect(response.headers.get("x-switchyard-attempts")).toBe("1");
  });

  it("only says so where it only observes", async () => {
    rig.simulator.behaviours.set("first", "*", bad);
    const { response, text } = await ask("observed", { ...inSchema, stream });
    expect(response.headers.get("x-switchyard-attempts")).toBe("1");
    expect(text).toContain("town");
    expect(codes()).toContain("answer_flawed");
    expect(last()?.verdict).toBe("invalid");
  });

  it("holds no more than it may", async () => {
    rig.simulator.behaviours.set("*", "*", { answerText: "x".repeat(5_000) });
    const passed = await ask("small", { stream });
    expect(passed.response.status).toBe(200);
    expect(stream ? saidIn(passed.text) : passed.text).toContain("x".repeat(5_000));
    expect(codes()).toContain("answer_too_long");
    const refused = await ask("small-refusing", { stream });
    expect(refused.response.status).toBe(502);
    expect(refused.text).toContain("answer_too_large");
    // What was refused is known to the last token, because it was read to its end.
    const { mayBeBilled, usageSource } = rig.gateway.settled.at(-1)?.outcome ?? {};
    expect([mayBeBilled, usageSource]).toEqual([true, "provider_final"]);
  });
});

describe.each([true, false])("a cascade, streamed: %s", (stream) => {
  it("ends with the first tier where its answer is good enough", async () => {
    rig.simulator.behaviours.set("*", "*", { answerText: "Long enough." });
    const { response } = await ask("cascade", { stream });
    expect(response.headers.get("x-switchyard-attempts")).toBe("1");
    expect(codes()).toContain("cascade_choice");
  });

  it("goes on to the next tier, and shows what both cost", async () => {
    rig.simulator.behaviours.set("first", "*", { answerText: "No." });
    rig.simulator.behaviours.set("second", "*", { answerText: "The answer in full." });
    const { response, text } = await ask("cascade", { stream });
    expect(response.headers.get("x-switchyard-model")).toBe("larger-model");
    expect(stream ? saidIn(text) : text).toContain("The answer in full.");
    expect(rig.gateway.settled.map(({ hold }) => hold.role)).toEqual(["first", "escalation"]);
    const id = response.headers.get("x-request-id") ?? "";
    const headers = { authorization: `Bearer ${rig.policy.keys["key"]}` };
    const shown = await fetch(`${rig.gateway.url}/v1/receipts/${id}`, { headers });
    const receipt = (await shown.json()) as {
      attempts: { cost_usd: string }[];
      cost_by_role_usd: { escalation: string };
    };
    expect(receipt.attempts).toHaveLength(2);
    const costs = receipt.attempts.map(({ cost_usd }) => Number(cost_usd));
    expect(costs.every((cost) => cost > 0)).toBe(true);
    expect(Number(receipt.cost_by_role_usd.escalation)).toBe(costs[1]);
  });

  it("delivers what it has where the next tier fails", async () => {
    rig.simulator.behaviours.set("first", "*", { answerText: "No." });
    rig.simulator.behaviours.set("second", "*", { errorStatus: 500 });
    const { response, text } = await ask("cascade", { stream });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-switchyard-model")).toBe("simulated-model");
    expect(stream ? saidIn(text) : text).toContain("No.");
    expect(codes()).toContain("escalation_failed");
    expect(last()?.warnings).toContain("answer_below_standard");
  });
});

it.each([
  ["/v1/messages", { messages: hello, max_tokens: 100, output_config: { format: { type: "json_schema", schema } } }],
  ["/v1/responses", { input: "hello", text: { format: { type: "json_schema", name: "place", strict: true, schema } } }],
])("checks what is asked for on %s, too", async (path, request) => {
  rig.simulator.behaviours.set("first", "*", bad);
  rig.simulator.behaviours.set("second", "*", good);
  for (const stream of [true, false]) {
    const response = await rig.send(path, JSON.stringify({ model: "checked", stream, ...request }));
    const text = await response.text();
    expect([response.status, response.headers.get("x-switchyard-attempts")]).toEqual([200, "2"]);
    expect(text).not.toContain("town");
    const digest = createHash("sha256").update(text).digest("hex");
    expect(last()?.because.at(-1)?.text).toContain(digest);
  }
});
