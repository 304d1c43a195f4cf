import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "@switchyard/local-stack/free-port";
import { createSimulator, type Simulator } from "@switchyard/simulator/simulator";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { collect, hello } from "./harness/gateway-and-providers.ts";
import { startGatewayProcess, type GatewayProcess } from "./harness/gateway-process.ts";
import { startPolicyDatabase, type PolicyDatabase } from "./harness/policy-database.ts";
import { createPolicy, masterKeyText, publish, type PolicyFixture } from "./harness/policy-fixture.ts";

const patience = { timeout: 20_000, interval: 50 };

let database: PolicyDatabase;
let simulator: Simulator;
let policy: PolicyFixture;
let revisionNumber = 0;
let gateway: GatewayProcess;

beforeAll(async () => {
  database = await startPolicyDatabase();
  simulator = createSimulator();
  await simulator.listen();
  policy = createPolicy({
    routes: [
      { name: "chat", targets: [{ baseUrl: urlOf("first") }], fallbacks: ["spare"] },
      { name: "spare", targets: [{ baseUrl: urlOf("second") }] },
      { name: "vectors", operations: ["embeddings"], targets: [{ baseUrl: urlOf("first"), providerModel: "embed" }] },
    ],
    keys: [{ name: "key" }, { name: "revoked" }],
  });
});

afterAll(async () => {
  await simulator.close();
  await database.close();
});

beforeEach(async () => {
  simulator.behaviours.clear();
  await publishNext(policy);
});

afterEach(() => gateway.stop());

function urlOf(provider: string): string {
  return `${simulator.url}/${provider}/v1`;
}

async function publishNext({ revision }: PolicyFixture): Promise<void> {
  revisionNumber += 1;
  await database.publish(revisionNumber, revision);
}

async function start(options: Partial<Parameters<typeof startGatewayProcess>[0]> = {}): Promise<void> {
  gateway = await startGatewayProcess({ databaseUrl: database.gatewayUrl, ...options });
}

function clientOf(key = "key"): OpenAI {
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: policy.keys[key] ?? "", maxRetries: 0 });
}

async function readiness(): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${gateway.url}/readyz`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("with everything in place", () => {
  it("serves the official client from two processes, and says so in health, metrics and log", async () => {
    await start({ processes: 2 });
    const client = clientOf();
    const answer = await client.chat.completions.create({ model: "chat", messages: hello });
    expect(answer.choices[0]?.message.content).toBeTruthy();
    const chunks = await collect(
      await client.chat.completions.create({
        model: "chat",
        messages: hello,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0);
    expect((await client.embeddings.create({ model: "vectors", input: "one" })).data).toHaveLength(1);
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["chat", "spare", "vectors"]);

    expect(await (await fetch(`${gateway.url}/livez`)).json()).toEqual({ status: "live" });
    expect(await readiness()).toMatchObject({ status: 200, body: { policyRevision: revisionNumber } });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/switchyard_attempts_total\{[^}]*outcome="complete"[^}]*\} [1-9]/);
    // The processes of a fleet are one to Prometheus: the four calls were not all made to the process that answers this.
    const requests = [...metrics.matchAll(/^switchyard_requests_total\{.*\} (\d+)$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(requests.reduce((sum, count) => sum + count, 0)).toBe(4);
    await vi.waitFor(() => expect(gateway.lines.filter(({ msg }) => msg === "request")).toHaveLength(4), patience);
    expect(JSON.stringify(gateway.lines)).not.toContain("hello");
  });

  it("goes on to the fallback when the provider fails", async () => {
    await start();
    simulator.behaviours.set("first", "*", { errorStatus: 500 });
    const { response } = await clientOf().chat.completions.create({ model: "chat", messages: hello }).withResponse();
    expect(response.headers.get("x-switchyard-attempts")).toBe("2");
  });
});

describe("policy", () => {
  it("follows a publication: a new route, and a key that is revoked", async () => {
    await start();
    expect((await clientOf("revoked").models.list()).data).toHaveLength(3);
    const { virtualKeys, ...rest } = policy.revision;
    const [chat] = rest.routes;
    const next = {
      ...rest,
      virtualKeys: virtualKeys.filter(({ name }) => name !== "revoked"),
      routes: rest.routes.map((route) => (route === chat ? { ...route, name: "chat-2" } : route)),
    };
    await publishNext({ ...policy, revision: next });
    await vi.waitFor(
      async () => expect((await clientOf().models.list()).data.map(({ id }) => id)).toContain("chat-2"),
      patience,
    );
    await expect(clientOf("revoked").models.list()).rejects.toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  it("refuses a corrupt revision, says so, and goes on with the last good one", async () => {
    await start();
    revisionNumber += 1;
    const corrupt = { ...publish(revisionNumber, policy.revision), content: "{}" };
    await database.publishRaw(corrupt);
    await vi.waitFor(
      async () => expect((await readiness()).body).toMatchObject({ refusedRevision: revisionNumber }),
      patience,
    );
    expect(await readiness()).toMatchObject({ status: 200, body: { policyRevision: revisionNumber - 1 } });
    expect((await clientOf().chat.completions.create({ model: "chat", messages: hello })).choices).toHaveLength(1);
    await vi.waitFor(async () => {
      const rows = await database.query(
        "select policy_revision, policy_problem from gateway_process order by heartbeat_at desc limit 1",
      );
      expect(rows).toMatchObject([
        { policy_revision: revisionNumber - 1, policy_problem: { revision: revisionNumber } },
      ]);
    }, patience);
  });

  it("starts from its snapshot while the database is away, and catches up", async () => {
    await start();
    await clientOf().chat.completions.create({ model: "chat", messages: hello });
    const { stateDirectory } = gateway;
    await gateway.stop({ keepsState: true });
    await database.stopServer();
    try {
      await start({ stateDirectory });
      expect((await clientOf().chat.completions.create({ model: "chat", messages: hello })).choices).toHaveLength(1);
    } finally {
      await database.startServer();
    }
    await publishNext(policy);
    await vi.waitFor(
      async () => expect((await readiness()).body).toMatchObject({ policyRevision: revisionNumber }),
      patience,
    );
  });
});

describe("processes", () => {
  it("finishes what is under way before it leaves", async () => {
    simulator.behaviours.set("first", "*", { outputTokens: 60, tokensPerSecond: 40 });
    await start();
    const stream = await clientOf().chat.completions.create({ model: "chat", messages: hello, stream: true });
    const seen: (string | null | undefined)[] = [];
    for await (const chunk of stream) {
      if (seen.length === 0) gateway.kill("SIGTERM");
      seen.push(chunk.choices[0]?.finish_reason);
    }
    expect(seen.at(-1)).toBe("stop");
    expect(await gateway.exited()).toBe(0);
    await expect(fetch(`${gateway.url}/livez`)).rejects.toThrow("fetch failed");
  });

  it("tells load balancers before it stops to accept", async () => {
    await start({ env: { GATEWAY_DRAIN_DELAY_MS: "1500" } });
    gateway.kill("SIGTERM");
    await vi.waitFor(
      async () => expect(await readiness()).toMatchObject({ status: 503, body: { reasons: ["draining"] } }),
      { timeout: 1_400, interval: 20 },
    );
    const { response } = await clientOf().chat.completions.create({ model: "chat", messages: hello }).withResponse();
    expect(response.headers.get("connection")).toBe("close");
    expect(await gateway.exited()).toBe(0);
  });

  it("replaces a worker that is killed", async () => {
    // On a port that is given, since nobody may listen for a moment: the other worker could still be starting.
    await start({ processes: 2, env: { GATEWAY_PORT: String(await findFreePort()) } });
    const [worker = 0] = childrenOf(gateway.pid);
    process.kill(worker, "SIGKILL");
    await vi.waitFor(() => {
      const workers = childrenOf(gateway.pid);
      expect(workers).toHaveLength(2);
      expect(workers).not.toContain(worker);
    }, patience);
    await vi.waitFor(async () => expect((await clientOf().models.list()).data).toHaveLength(3), patience);
    expect(gateway.lines).toContainEqual(
      expect.objectContaining({ msg: "a gateway process ended", signal: "SIGKILL" }),
    );
  });

  it("leaves when whoever started it is gone", async () => {
    await start();
    gateway.closeLifeline();
    expect(await gateway.exited()).toBe(0);
  });
});

describe("a start that cannot succeed", () => {
  beforeEach(() => start());

  it.each([
    ["a weak master key", { SWITCHYARD_MASTER_KEY: "YWJj" }, "SWITCHYARD_MASTER_KEY"],
    ["no database", { GATEWAY_DATABASE_URL: "" }, "GATEWAY_DATABASE_URL"],
    ["a state directory that is a file", { GATEWAY_STATE_DIR: fileURLToPath(import.meta.url) }, "GATEWAY_STATE_DIR"],
  ])("is told in one line: %s", async (_, env, named) => {
    const { code, errors } = await lastWordsOf(env);
    expect(code).toBe(1);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(errors).toContain(named);
  });

  it("is told in one line: a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const { code, log } = await lastWordsOf({ GATEWAY_PORT: String(typeof address === "object" ? address?.port : 0) });
    taken.close();
    expect(code).toBe(1);
    expect(log).toContain("EADDRINUSE");
  });
});

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? [] : children.split(" ").map(Number);
}

async function lastWordsOf(env: Record<string, string>): Promise<{ code: number | null; errors: string; log: string }> {
  const stateDirectory = await mkdtemp(join(tmpdir(), "switchyard-gateway-"));
  const child = spawn(process.execPath, [fileURLToPath(new URL("../dist/main.js", import.meta.url))], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      SWITCHYARD_LOCAL: "1",
      SWITCHYARD_MASTER_KEY: masterKeyText,
      GATEWAY_DATABASE_URL: database.gatewayUrl,
      GATEWAY_PORT: "0",
      GATEWAY_PROCESSES: "1",
      GATEWAY_STATE_DIR: stateDirectory,
      ...env,
    },
  });
  let errors = "";
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  await rm(stateDirectory, { recursive: true, force: true });
  return { code, errors, log };
}
