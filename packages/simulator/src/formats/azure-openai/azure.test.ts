import { AzureOpenAI } from "openai";
import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../behaviour/behaviour.ts";
import { HELLO, MODEL, startSimulator } from "../../testing/start-simulator.ts";

const PATH = `/openai/deployments/${MODEL}/chat/completions`;
const DATED = `${PATH}?api-version=2024-10-21`;

async function start(behaviour: Behaviour = {}) {
  const test = await startSimulator();
  test.behave(behaviour);
  const azure = new AzureOpenAI({
    endpoint: test.simulator.url,
    apiKey: "azure-key",
    apiVersion: "2024-10-21",
    maxRetries: 0,
  });
  return { ...test, azure };
}

describe("Azure OpenAI", () => {
  it("serves the deployment of the path, whatever model the body names", async () => {
    const { azure, settledEntries } = await start();
    const answer = await azure.chat.completions.create(HELLO);
    expect(answer.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: expect.any(String) } });
    expect(answer).toMatchObject({ prompt_filter_results: [{ prompt_index: 0 }] });
    const [entry] = await settledEntries();
    expect(entry).toMatchObject({ endpoint: "azure.chat.completions", model: MODEL, provider: "default" });
  });

  it("begins a stream with what the filters found in the prompt", async () => {
    const { azure } = await start({ answerText: "Quiet harbours." });
    const chunks = [];
    for await (const chunk of await azure.chat.completions.create({ ...HELLO, stream: true })) chunks.push(chunk);
    expect(chunks[0]).toMatchObject({ id: "", model: "", choices: [], prompt_filter_results: expect.any(Array) });
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe("Quiet harbours.");
    expect(chunks[2]).toMatchObject({ choices: [{ content_filter_results: { hate: { severity: "safe" } } }] });
  });

  it("leaves out the message that its filters have stopped", async () => {
    const { post } = await start({ contentFilter: true });
    const { choices } = (await (await post(DATED, HELLO)).json()) as { choices: object[] };
    expect(choices[0]).toMatchObject({ finish_reason: "content_filter" });
    expect(choices[0]).not.toHaveProperty("message");
  });

  it("embeds", async () => {
    const { azure } = await start();
    const answer = await azure.embeddings.create({ model: MODEL, input: "harbour", dimensions: 8 });
    expect(answer.data[0]?.embedding).toHaveLength(8);
  });

  it.each([
    [{ errorStatus: 429 }, { code: "RateLimitReached" }],
    [{ errorStatus: 404 }, { code: "DeploymentNotFound" }],
    [
      { errorStatus: 400, errorCode: "content_filter" },
      { code: "content_filter", innererror: { code: "ResponsibleAIPolicyViolation" } },
    ],
  ])("fails as Azure does: %j", async (behaviour, error) => {
    const { post } = await start(behaviour);
    expect(await (await post(DATED, HELLO)).json()).toMatchObject({ error });
  });

  it("has nothing at a path without a version", async () => {
    const { post } = await start();
    const response = await post(PATH, HELLO);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: { code: "404", message: "Resource not found" } });
  });
});
