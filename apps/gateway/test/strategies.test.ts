import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

const dearer = {
  free: false,
  lines: [
    { meter: "input" as const, unitPricePicoUsd: "1500000" },
    { meter: "output" as const, unitPricePicoUsd: "6000000" },
  ],
};

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => {
    const targets = [{ baseUrl: urlOf("first") }, { baseUrl: urlOf("second") }];
    return [
      { name: "in-order", targets, strategy: { type: "priority" } },
      { name: "cheap", targets, strategy: { type: "cheapest", expectedOutputTokens: 500 } },
      { name: "fast", targets, strategy: { type: "fastest", explorePercent: 1 } },
      {
        name: "learning",
        targets: [{ baseUrl: urlOf("first") }, { baseUrl: urlOf("second"), providerModel: "dearer", prices: dearer }],
        strategy: { type: "adaptive", explorePercent: 1, successPercentAtLeast: 80 },
      },
      { name: "tiers", targets, strategy: { type: "complexity", boundaries: [0.4], whenUnsure: "hardest" } },
    ];
  });
});

afterEach(() => rig.close());

async function because(model: string, fields: object = {}): Promise<string[]> {
  const body = JSON.stringify({ model, messages: hello, ...fields });
  const response = await rig.send("/v1/chat/completions", body);
  await response.text();
  expect(response.status).toBe(200);
  return rig.gateway.requests.at(-1)?.because.map(({ text }) => text) ?? [];
}

it("takes targets in order", async () => {
  expect(await because("in-order")).toEqual([
    "Chose con_in-order_0 / simulated-model: it comes first in the route's order.",
    "Next in line is con_in-order_1 / simulated-model: it follows in the route's order.",
  ]);
});

it("estimates what a call costs from the call itself", async () => {
  const [usual] = await because("cheap");
  const [short] = await because("cheap", { max_tokens: 10 });
  const sentence =
    /^Chose con_cheap_0 \/ simulated-model: this call is expected to cost \$(0\.\d+) there, next con_cheap_1 .+ at \$\1\.$/;
  const costOf = (text = ""): number => Number(sentence.exec(text)?.[1]);
  // 500 tokens of answer at $0.60 a million are $0.0003; ten are $0.000006.
  expect(costOf(usual)).toBeGreaterThanOrEqual(0.0003);
  expect(costOf(short)).toBeGreaterThan(0);
  expect(costOf(short)).toBeLessThan(0.0001);
});

it.each([true, false])("learns how fast its targets are, streamed: %s", async (stream) => {
  const [first] = await because("fast", { stream });
  expect(first).toMatch(/ to learn how fast it is\.$/);
  // After nine calls to two targets, one of them has the five answers that a median needs.
  for (let turn = 1; turn < 9; turn++) await because("fast", { stream });
  const sentences = await because("fast", { stream });
  expect(sentences).toContainEqual(
    expect.stringMatching(/half of its recent answers (began|were whole) within \d+ ms/),
  );
});

it("goes by how hard a call is, and says what it was taken for", async () => {
  const hard = "Prove this theorem step by step, and explain why 3 * 4 = 12. You must compare every case. ".repeat(20);
  const easy = await because("tiers", { messages: [{ role: "user", content: "Hello, how are you today?" }] });
  expect(easy[0]).toMatch(/^Taken for a task of the kind chat, complexity 0(\.\d+)?, because of "hello"/);
  expect(easy[1]).toMatch(/^Chose con_tiers_0 .*: the call's complexity of 0(\.\d+)? is for tier 1 of 2\.$/);
  const [, choice] = await because("tiers", { messages: [{ role: "user", content: hard }] });
  expect(choice).toMatch(/^Chose con_tiers_1 .* is for tier 2 of 2\.$/);
});

it("writes down what a call was taken for, on its record and its attempts, and nothing where nobody asked", async () => {
  await because("tiers", { messages: [{ role: "user", content: "Refactor this function to be shorter." }] });
  const { task } = rig.gateway.requests.at(-1) ?? {};
  expect(task).toEqual({ taskClass: "code", complexity: expect.any(Number) });
  expect(rig.gateway.held.at(-1)).toMatchObject({ taskClass: "code" });
  await because("in-order");
  expect(rig.gateway.requests.at(-1)).not.toHaveProperty("task");
  expect(rig.gateway.held.at(-1)).not.toHaveProperty("taskClass");
});

it("learns which target is any good at a kind of task, and leaves the others alone for it", async () => {
  rig.simulator.behaviours.set("first", "*", { refusal: true });
  const messages = [{ role: "user", content: "Refactor this function to be shorter, and debug it." }];
  const [task, before] = await because("learning", { messages });
  expect(task).toContain("a task of the kind code");
  expect(before).toMatch(/^Chose con_learning_0 /);
  for (let turn = 0; turn < 40; turn += 1) await because("learning", { messages });
  const after = await because("learning", { messages });
  expect(after[1]).toMatch(/^Chose con_learning_1 .* succeeds at \d+ % of tasks of the kind code/);
  expect(after[2]).toContain("it is below the floor of 80 %");
});
