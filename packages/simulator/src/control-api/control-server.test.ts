import { describe, expect, it } from "vitest";
import { HELLO, MODEL, startSimulator } from "../testing/start-simulator.ts";

describe("behaviours", () => {
  it("are set, read, listed and deleted at run time", async () => {
    const { control, client } = await startSimulator();
    const path = `behaviours/default/${MODEL}`;
    expect((await control("GET", path)).status).toBe(404);
    const behaviour = { errorStatus: 429, retryAfter: "7" };
    expect(await control("PUT", path, behaviour)).toEqual({
      status: 200,
      body: { provider: "default", model: MODEL, behaviour, calls: 0 },
    });
    await expect(client.chat.completions.create(HELLO)).rejects.toMatchObject({ status: 429 });
    expect((await control("GET", path)).body).toMatchObject({ behaviour, calls: 1 });
    expect((await control("GET", "behaviours")).body).toEqual({ behaviours: [expect.objectContaining({ behaviour })] });
    expect((await control("DELETE", path)).status).toBe(204);
    expect((await control("DELETE", path)).status).toBe(404);
    expect((await client.chat.completions.create(HELLO)).choices).toHaveLength(1);
  });

  it("take wildcards and names with slashes", async () => {
    const { control, simulator } = await startSimulator();
    await control("PUT", "behaviours/*/*", { chunkTokens: 1 });
    await control("PUT", "behaviours/acme%2Feu/meta/llama%203", { chunkTokens: 2 });
    expect(simulator.behaviours.resolve("acme/eu", "meta/llama 3")?.behaviour).toEqual({ chunkTokens: 2 });
    expect(simulator.behaviours.resolve("x", "y")?.behaviour).toEqual({ chunkTokens: 1 });
  });

  it("are refused with every field at fault, and leave what was set", async () => {
    const { control, simulator } = await startSimulator();
    await control("PUT", "behaviours/*/*", { latencyMs: 1 });
    const { status, body } = await control("PUT", "behaviours/*/*", { errorRate: 2, latency: 5 });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        message: expect.stringMatching(/^Invalid behaviour: errorRate: .*; Unrecognized key: "latency"$/),
        issues: [
          { path: "errorRate", message: expect.any(String) },
          { path: "", message: expect.any(String) },
        ],
      },
    });
    expect(simulator.behaviours.resolve("x", "y")?.behaviour).toEqual({ latencyMs: 1 });
    expect((await control("PUT", "behaviours/*/*")).status).toBe(400);
  });
});

describe("the ledger", () => {
  it("is filtered and paged", async () => {
    const { control, client, clientOf } = await startSimulator();
    for (const answering of [client, clientOf("acme"), client]) await answering.chat.completions.create(HELLO);
    const first = (await control<{ nextSince: number }>("GET", "ledger?limit=2")).body;
    expect(first).toMatchObject({
      entries: [{ sequence: 1 }, { sequence: 2 }],
      nextSince: 2,
      totals: { calls: 3 },
      evictedEntries: 0,
    });
    expect((await control("GET", `ledger?limit=2&since=${first.nextSince}`)).body).toMatchObject({
      entries: [{ sequence: 3 }],
      nextSince: null,
      totals: { calls: 1 },
    });
    expect((await control("GET", "ledger?provider=acme")).body).toMatchObject({
      entries: [{ sequence: 2 }],
      totals: { calls: 1, billedCalls: 1 },
    });
    expect((await control("GET", `ledger?model=${MODEL}&limit=0`)).body).toMatchObject({
      entries: [],
      totals: { calls: 3 },
    });
    expect((await control("GET", "ledger?attemptId=none")).body).toMatchObject({ entries: [], totals: { calls: 0 } });
  });

  it("is cleared by its own call and by no reset", async () => {
    const { control, client, simulator } = await startSimulator();
    await client.chat.completions.create(HELLO);
    await control("POST", "reset");
    expect(simulator.ledger.totals({}).calls).toBe(1);
    expect((await control("DELETE", "ledger")).status).toBe(204);
    expect((await control("GET", "ledger")).body).toMatchObject({ entries: [], totals: { calls: 0 } });
  });

  it.each(["ledger?since=yesterday", "ledger?limit=-1", "ledger?limit=10001", "ledger?color=red", "requests?limit=0"])(
    "refuses %s",
    async (path) => {
      const { control } = await startSimulator();
      expect(await control("GET", path)).toMatchObject({
        status: 400,
        body: { error: { message: expect.stringContaining("Invalid query") } },
      });
    },
  );
});

describe("the listener", () => {
  it("shuts the data port, so that connecting is refused, and opens it again", async () => {
    const { control, client, simulator } = await startSimulator({ controlPort: 0 });
    const { url } = simulator;
    expect(simulator.controlUrl).not.toBe(url);
    await client.chat.completions.create(HELLO);
    expect(await control("POST", "listener", { accepting: false })).toEqual({
      status: 200,
      body: { accepting: false },
    });
    await expect(fetch(`${url}/v1/models`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    expect((await control("GET", "health")).body).toMatchObject({ status: "ok", accepting: false });
    expect((await control("POST", "listener", { accepting: true })).body).toEqual({ accepting: true });
    expect(simulator.url).toBe(url);
    expect((await client.chat.completions.create(HELLO)).choices).toHaveLength(1);
  });

  it("lets calls under way finish and then closes their connections", async () => {
    const { control, client, behave, openCalls } = await startSimulator({ controlPort: 0 });
    behave({ stallAfterChunks: 2 });
    const stream = await client.chat.completions.create({ ...HELLO, stream: true });
    await control("POST", "listener", { accepting: false });
    const first = await stream[Symbol.asyncIterator]().next();
    expect(first.value?.choices[0]?.delta.role).toBe("assistant");
    await openCalls(1);
    stream.controller.abort();
    await openCalls(0);
    await control("POST", "reset");
    expect((await control("GET", "health")).body).toMatchObject({ accepting: true });
  });

  it("does not shut out the control API that has no port of its own", async () => {
    const { control } = await startSimulator();
    expect(await control("POST", "listener", { accepting: false })).toMatchObject({ status: 409 });
    expect((await control("POST", "listener", { accepting: "no" })).status).toBe(400);
    expect((await control("GET", "health")).body).toMatchObject({ accepting: true });
  });
});

describe("the control API", () => {
  it("says what is wrong with a request", async () => {
    const { control, simulator } = await startSimulator();
    expect((await control("GET", "nothing")).status).toBe(404);
    expect(await control("PATCH", "ledger")).toMatchObject({
      status: 405,
      body: { error: { message: "Use GET, DELETE here." } },
    });
    expect((await control("PUT", "behaviours/%ff/x", {})).status).toBe(400);
    const notJson = await fetch(`${simulator.url}/_simulator/listener`, { method: "POST", body: "{" });
    expect(notJson.status).toBe(400);
  });
});
