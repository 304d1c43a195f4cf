/** `npm run fidelity` against the simulator: what a provider gets and what clients get is the same with and without us. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createAdminClient } from "../src/demo/admin-client.ts";
import { checkFidelity } from "../src/fidelity/check-fidelity.ts";
import { chooseProvider } from "../src/fidelity/fidelity-subject.ts";
import { simulatedKind } from "../src/fidelity/simulated-kinds.ts";
import { type Stack, startStack } from "../src/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 1 });
});

afterAll(async () => {
  await stack?.shutdown();
});

async function check(kind: string) {
  const admin = createAdminClient(stack.adminUrl, stack.firstRun?.adminToken ?? "");
  const provider = chooseProvider({ connection: "simulator", kind, baseUrl: undefined }, stack.simulatorUrl, [], {});
  const site = { gatewayUrl: stack.gatewayUrl, admin };
  const report = await checkFidelity(site, provider, simulatedKind(kind).model, () => undefined);
  const verdicts = Object.fromEntries(
    report.cases.map(({ name, request, passage, answer }) => [
      name,
      [request.verdict, passage.verdict, answer.verdict].join(" "),
    ]),
  );
  return { report, verdicts };
}

it("finds nothing changed of what OpenAI's protocol carries, but for usage", async () => {
  const { report, verdicts } = await check("openai-compatible");
  expect(verdicts).toEqual({
    plain: "identical identical equivalent",
    streamed: "equivalent equivalent equivalent",
    "streamed-usage": "identical identical equivalent",
    system: "identical identical equivalent",
    tools: "equivalent equivalent equivalent",
    "parallel-tools": "identical identical equivalent",
    "tool-result": "identical identical equivalent",
    "json-schema": "identical identical equivalent",
    image: "identical identical equivalent",
    stop: "identical identical equivalent",
    length: "identical identical equivalent",
    reasoning: "identical identical equivalent",
    error: "identical equivalent equivalent",
  });
  const streamed = report.cases.find(({ name }) => name === "streamed");
  expect(streamed?.request.differences.map(({ pointer }) => pointer)).toEqual(["/stream_options"]);
});

it("finds nothing changed of what OpenAI's Responses carry", async () => {
  const { report, verdicts } = await check("openai");
  const responses = report.cases.filter(({ name }) => name.startsWith("responses-"));
  expect(responses.length).toBeGreaterThan(8);
  for (const { name } of responses) {
    expect(`${name} ${verdicts[name]}`).toBe(`${name} identical identical equivalent`);
  }
});

it("finds nothing changed of what Anthropic's protocol carries", async () => {
  const { report, verdicts } = await check("anthropic");
  const native = report.cases.filter(({ name }) => !name.startsWith("chat-"));
  expect(native.length).toBeGreaterThan(10);
  for (const { name } of native) {
    expect(`${name} ${verdicts[name]}`).toBe(
      name === "error" ? "error identical equivalent equivalent" : `${name} identical identical equivalent`,
    );
  }
});

const translated = ["anthropic", "google-gemini", "google-vertex", "aws-bedrock", "cohere", "azure-openai"];

it.each(translated)("finds every meaning of a chat on both ways to %s", async (kind) => {
  const { report, verdicts } = await check(kind);
  const chats = report.cases.filter(({ name }) => name.startsWith("chat-"));
  expect(chats.length).toBe(12);
  const unexplained = chats.flatMap(({ name, request, passage, answer }) =>
    Object.entries({ request, passage, answer }).flatMap(([side, { differences }]) =>
      differences.filter(({ reason }) => reason === null).map((difference) => ({ name, side, ...difference })),
    ),
  );
  expect(unexplained).toEqual([]);
  for (const { name } of chats) {
    expect(`${name} ${verdicts[name]}`).toMatch(/^\S+ (identical|equivalent) equivalent equivalent$/);
  }
});
