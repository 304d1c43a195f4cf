import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../test/embedded-database.ts";

let server: EmbeddedDatabase;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
});
afterAll(() => server.stop());

const command = fileURLToPath(new URL("migrate-cli.ts", import.meta.url));

function run(environment: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test("prepares a database in one go, and finds it prepared the next time", async () => {
  const environment = {
    DATABASE_URL: await server.createDatabase(),
    GATEWAY_DATABASE_USER: "gateway",
    GATEWAY_DATABASE_PASSWORD: "correct-horse-battery-staple",
  };
  const first = await run(environment);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/^applying 1\/\d+ 20261121000000_tables\n/);
  expect(first.stdout).toMatch(
    /applied \d+ migrations\nthe queue's schema is ready\ngateways may log in as gateway\n$/,
  );
  expect(first.stdout).not.toContain(environment.GATEWAY_DATABASE_PASSWORD);

  const second = await run(environment);
  expect(second).toMatchObject({ code: 0, stderr: "" });
  expect(second.stdout).toMatch(/^the database is up to date\n/);
});

test("leaves the queue's schema alone when Redis carries the queue", async () => {
  const { code, stdout } = await run({ DATABASE_URL: await server.createDatabase(), REDIS_URL: "redis://127.0.0.1" });
  expect(code).toBe(0);
  expect(stdout).not.toContain("queue");
});

test.each([
  ["no database is named", {}, /^Set DATABASE_URL to .*\n$/],
  ["nobody listens", { DATABASE_URL: "postgres://owner@127.0.0.1:1/none" }, /^connect ECONNREFUSED .*\n$/],
])("says in one line what is wrong when %s", async (_what, environment, message) => {
  const { code, stdout, stderr } = await run(environment);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(message);
});
