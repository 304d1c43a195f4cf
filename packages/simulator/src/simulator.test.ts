import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import OpenAI from "openai";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSimulator } from "./simulator.ts";
import { HELLO, MODEL, startSimulator, type TestSimulator } from "./testing/start-simulator.ts";

/** Everything of an answer that must repeat: not its id, and not its date. */
async function contentsOf({ client, behave }: TestSimulator, calls: number): Promise<unknown[]> {
  behave({ errorRate: 0.4, latencyMs: { p50: 1, p99: 2 } });
  const contents: unknown[] = [];
  for (let call = 0; call < calls; call += 1) {
    const messages = [{ role: "user" as const, content: `Question ${call % 5}` }];
    const answer = await client.chat.completions.create({ model: MODEL, messages }).catch((error: unknown) => error);
    contents.push(
      answer instanceof OpenAI.APIError
        ? answer.status
        : [(answer as OpenAI.ChatCompletion).choices, (answer as OpenAI.ChatCompletion).usage],
    );
  }
  return contents;
}

describe("determinism", () => {
  it("repeats texts, token counts and faults from the same seed, and from no other", async () => {
    const first = await contentsOf(await startSimulator({ seed: "a" }), 30);
    expect(await contentsOf(await startSimulator({ seed: "a" }), 30)).toEqual(first);
    expect(await contentsOf(await startSimulator({ seed: "b" }), 30)).not.toEqual(first);
    expect(first.filter((content) => content === 500).length).toBeGreaterThan(2);
    expect(first.filter((content) => content === 500).length).toBeLessThan(28);
  });

  it("draws anew for each call, so that a retry of the same request can succeed", async () => {
    const { behave, post } = await startSimulator();
    behave({ errorRate: 0.5 });
    const statuses = new Set<number>();
    for (let call = 0; call < 20; call += 1) statuses.add((await post("/v1/chat/completions", HELLO)).status);
    expect(statuses).toEqual(new Set([200, 500]));
  });

  it("starts over after a reset", async () => {
    const simulator = await startSimulator();
    const first = await contentsOf(simulator, 10);
    expect((await simulator.control("POST", "reset")).status).toBe(204);
    expect(await contentsOf(simulator, 10)).toEqual(first);
  });

  it("answers one request always alike, and others otherwise", async () => {
    const { client, clientOf } = await startSimulator();
    const textOf = async (answering: OpenAI, model = MODEL, content = "Hello"): Promise<unknown> =>
      (await answering.chat.completions.create({ model, messages: [{ role: "user", content }] })).choices[0]?.message
        .content;
    const text = await textOf(client);
    expect(await textOf(client)).toBe(text);
    expect(await textOf(client, "other-model")).not.toBe(text);
    expect(await textOf(client, MODEL, "Hello!")).not.toBe(text);
    expect(await textOf(clientOf("other"))).not.toBe(text);
  });
});

describe("the provider's front", () => {
  it("plays several providers, each with its own behaviour and its own part of the ledger", async () => {
    const { client, clientOf, simulator, settledEntries } = await startSimulator();
    simulator.behaviours.set("slow", MODEL, { errorStatus: 503 });
    await client.chat.completions.create(HELLO);
    await expect(clientOf("slow").chat.completions.create(HELLO)).rejects.toMatchObject({ status: 503 });
    await clientOf("fine").chat.completions.create(HELLO);
    expect((await settledEntries()).map(({ provider, status }) => [provider, status])).toEqual([
      ["default", 200],
      ["slow", 503],
      ["fine", 200],
    ]);
  });

  it("lists its models and those that behaviours name", async () => {
    const { client, clientOf, behave, simulator } = await startSimulator();
    behave({});
    simulator.behaviours.set("acme", "acme-only", {});
    const idsOf = async (listing: OpenAI): Promise<string[]> => (await listing.models.list()).data.map(({ id }) => id);
    expect(await idsOf(client)).toEqual(["sim-large", "sim-small", "sim-embeddings", MODEL]);
    expect(await idsOf(clientOf("acme"))).toContain("acme-only");
  });

  it("asks for its key when it has one", async () => {
    const { client, simulator, control, settledEntries } = await startSimulator({ apiKey: "sk-right" });
    await expect(client.chat.completions.create(HELLO)).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
    await expect(client.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    expect((await fetch(`${simulator.url}/v1/models`)).status).toBe(401);
    const withKey = client.withOptions({ apiKey: "sk-right" });
    expect((await withKey.chat.completions.create(HELLO)).choices).toHaveLength(1);
    expect((await control("GET", "health")).status).toBe(200);
    expect((await settledEntries()).map(({ outcome }) => outcome)).toEqual(["rejected", "complete"]);
  });

  it("knows no other URLs and methods, in OpenAI's words", async () => {
    const { simulator, post } = await startSimulator();
    const unknown = await post("/v1/nothing", {});
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { code: "unknown_url", type: "invalid_request_error" } });
    expect((await fetch(`${simulator.url}/v1/chat/completions`)).status).toBe(405);
    expect((await post("/v1/models", {})).status).toBe(405);
    expect(simulator.ledger.totals({}).calls).toBe(0);
  });

  it("refuses a body beyond 32 MiB", async () => {
    const { post, settledEntries } = await startSimulator();
    expect((await post("/v1/embeddings", JSON.stringify({ model: MODEL, input: "x".repeat(33 << 20) }))).status).toBe(
      413,
    );
    expect(await settledEntries()).toMatchObject([{ status: 413, outcome: "rejected" }]);
  });
});

describe("the ledger of a simulator", () => {
  it("agrees with what the official client was told, call by call and in sum", async () => {
    const { client, behave, simulator, settledEntries } = await startSimulator();
    behave({ cachedTokensShare: 0.25, reasoningTokens: 3, errorRate: 0.3 });
    const told = { calls: 0, billed: 0, prompt: 0, completion: 0 };
    await Promise.all(
      Array.from({ length: 60 }, async (_, call) => {
        told.calls += 1;
        const request = { model: MODEL, messages: [{ role: "user" as const, content: `Call ${call}` }] };
        try {
          const completion = await (call % 2 === 0
            ? client.chat.completions.create(request)
            : client.chat.completions
                .stream({ ...request, stream: true, stream_options: { include_usage: true } })
                .finalChatCompletion());
          told.billed += 1;
          told.prompt += completion.usage?.prompt_tokens ?? 0;
          told.completion += completion.usage?.completion_tokens ?? 0;
        } catch (error) {
          if (!(error instanceof OpenAI.APIError)) throw error;
        }
      }),
    );
    const entries = await settledEntries();
    expect(entries).toHaveLength(told.calls);
    const { calls, billedCalls, tokens } = simulator.ledger.totals({});
    expect({
      calls,
      billed: billedCalls,
      prompt: tokens.input + tokens.cachedInput,
      completion: tokens.output + tokens.reasoning,
    }).toEqual(told);
    expect(told.billed).toBeLessThan(told.calls);
  });

  it("records the attempt id and the hash of the raw body", async () => {
    const { post, control, settledEntries } = await startSimulator();
    const body = `{ "model":"${MODEL}",  "messages":[{"role":"user","content":"\\u00e9"}] }`;
    await post("/v1/chat/completions", body, {
      headers: { "x-switchyard-attempt-id": "attempt-7", "X-Odd-Case": "1" },
    });
    const [entry] = await settledEntries();
    const { body: shown } = await control<{ requests: Record<string, string>[] }>(
      "GET",
      "requests?attemptId=attempt-7",
    );
    expect(shown.requests).toHaveLength(1);
    const [request] = shown.requests;
    expect(entry).toMatchObject({ attemptId: "attempt-7", requestBodySha256: request?.["bodySha256"] });
    expect(Buffer.from(request?.["bodyBase64"] ?? "", "base64").toString()).toBe(body);
    expect(request).toMatchObject({ method: "POST", url: "/v1/chat/completions", bodyBytes: body.length });
    expect(request?.["headers"]).toContainEqual(["x-switchyard-attempt-id", "attempt-7"]);
  });

  it("survives a restart with its file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simulator-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const ledgerFile = join(folder, "ledger.ndjson");
    const before = await startSimulator({ ledgerFile });
    for (let call = 0; call < 3; call += 1) await before.client.chat.completions.create(HELLO);
    const entries = await before.settledEntries();
    await before.simulator.close();
    const after = await startSimulator({ ledgerFile });
    expect(await after.settledEntries()).toEqual(entries);
    await after.client.chat.completions.create(HELLO);
    expect((await after.settledEntries()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(after.simulator.ledger.totals({}).billedCalls).toBe(4);
  });
});

describe("listening", () => {
  it("says when a port is taken, and lets go of what it had", async () => {
    const { simulator } = await startSimulator();
    const second = createSimulator({ controlPort: 0 });
    await expect(second.listen(Number(new URL(simulator.url).port))).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});
