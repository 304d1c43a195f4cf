/** The built process: how it starts, refuses to start, lives through an outage and stops. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrate } from "@switchyard/database/migrate";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { findFreePort } from "@switchyard/local-stack/free-port";
import { generateMasterKey } from "@switchyard/secrets/master-key";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

let database: EmbeddedDatabase;
let environment: Record<string, string>;
let adminToken = "";
const children: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  database = await startMigratedDatabase();
  environment = {
    DATABASE_URL: database.connectionString,
    SWITCHYARD_MASTER_KEY: generateMasterKey(),
    SWITCHYARD_LOCAL: "1",
    NODE_ENV: "production",
  };
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(() => database.stop());

function run(script: "main" | "seed", changes: Record<string, string> = {}) {
  const path = fileURLToPath(new URL(`../dist/${script}.js`, import.meta.url));
  const child = spawn(process.execPath, [path], { env: { ...environment, ...changes } });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  return { child, output, exited };
}

async function start(changes: Record<string, string> = {}) {
  const port = await findFreePort();
  const started = run("main", { ADMIN_PORT: String(port), ...changes });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/livez`)).ok);
  return { ...started, url };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await holds().catch(() => false)) return;
    await sleep(50);
  }
}

describe("the seed", () => {
  it("prints the first access once, and afterwards that there is nothing to do", async () => {
    const first = run("seed", { SIMULATOR_URL: "http://127.0.0.1:9", OPENAI_API_KEY: "sk-test-0123456789abcdefghij" });
    expect(await first.exited).toBe(0);
    const access = JSON.parse(first.output.stdout) as Record<string, string>;
    expect(Object.keys(access).toSorted()).toEqual([
      "adminEmail",
      "adminPassword",
      "adminToken",
      "sampleModel",
      "virtualKey",
    ]);
    adminToken = access["adminToken"]!;
    const again = run("seed");
    expect(await again.exited).toBe(0);
    expect(JSON.parse(again.output.stdout)).toEqual({ alreadySeeded: true });

    const { url, child, exited } = await start();
    const routes = await fetch(`${url}/api/routes`, { headers: { authorization: `Bearer ${adminToken}` } });
    const { items } = (await routes.json()) as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["demo-chat", "demo-fast", "demo-embeddings", "gpt-5"]),
    );
    const models = await fetch(`${url}/api/models?limit=200&providerKind=openai`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(((await models.json()) as { items: unknown[] }).items.length).toBeGreaterThan(50);
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  it("lets one of several that start at once do the work", async () => {
    const connectionString = await copyOfEmptyDatabase();
    const seeds = [1, 2, 3].map(() => run("seed", { DATABASE_URL: connectionString }));
    expect(await Promise.all(seeds.map(({ exited }) => exited))).toEqual([0, 0, 0]);
    const answers = seeds.map(({ output }) => JSON.parse(output.stdout) as object);
    expect(answers.filter((answer) => "adminToken" in answer)).toHaveLength(1);
    expect(answers.filter((answer) => "alreadySeeded" in answer)).toHaveLength(2);
  });
});

/** The prepared database is seeded by now, so this one is migrated anew. */
async function copyOfEmptyDatabase(): Promise<string> {
  const { Client } = await import("pg");
  const client = new Client({ connectionString: database.connectionString });
  await client.connect();
  await client.query("CREATE DATABASE empty");
  await client.end();
  const url = new URL(database.connectionString);
  url.pathname = "/empty";
  await migrate({ connectionString: url.href });
  return url.href;
}

describe("the process", () => {
  it.each([
    ["no master key", { SWITCHYARD_MASTER_KEY: "" }, "SWITCHYARD_MASTER_KEY"],
    ["a weak master key", { SWITCHYARD_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") }, "SWITCHYARD_MASTER_KEY"],
    ["no database", { DATABASE_URL: "" }, "DATABASE_URL"],
  ])("refuses to start with %s, in one clear line", async (_what, changes, expected) => {
    const { output, exited } = run("main", changes);
    expect(await exited).toBe(1);
    expect(output.stderr.trim().split("\n")).toHaveLength(1);
    expect(output.stderr).toContain(expected);
  });

  it("says when its port is taken", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { output, exited } = run("main", { ADMIN_PORT: String((holder.address() as AddressInfo).port) });
    expect(await exited).toBe(1);
    holder.close();
    expect(output.stderr.trim()).toBe("cannot start: the port is taken; set ADMIN_PORT to a free one");
  });

  it("stops when whoever started it is gone", async () => {
    const { child, exited } = await start({ SWITCHYARD_LIFELINE: "stdin" });
    child.stdin.end();
    expect(await exited).toBe(0);
  });

  it("answers 503 while the database is away, and goes on when it is back", async () => {
    const { url, child, exited } = await start();
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    await database.kill();
    const teams = () => fetch(`${url}/api/teams`, { headers: { authorization: `Bearer ${adminToken}` } });
    const answer = await teams();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject({ error: { code: "database_unavailable" } });
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, (await ready.json()) as unknown]).toEqual([
      503,
      { status: "not_ready", problem: "the database does not answer" },
    ]);
    const signIn = await fetch(`${url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "a@example.com", password: "long-enough-password" }),
    });
    expect(signIn.status).toBe(503);
    await database.start();
    await until(async () => (await fetch(`${url}/readyz`)).ok);
    expect((await teams()).status).toBe(200);
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });
});
