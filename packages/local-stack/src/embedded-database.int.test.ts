import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";
import { canConnect, withClient } from "./postgres/postgres-process.ts";

async function countRows(connectionString: string): Promise<number> {
  const result = await withClient(connectionString, (client) => client.query("SELECT count(*)::int AS n FROM mark"));
  return (result.rows[0] as { n: number }).n;
}

describe("startEmbeddedDatabase", () => {
  let database: EmbeddedDatabase;
  beforeAll(async () => {
    database = await startEmbeddedDatabase({
      durable: true,
      prepare: async (connectionString) => {
        await withClient(connectionString, (client) => client.query("CREATE TABLE mark AS SELECT 1 AS id"));
      },
    });
  });
  afterAll(() => database.stop());

  it("copies the prepared database, each copy apart from the others", async () => {
    const [first, second] = [await database.createDatabase(), await database.createDatabase()];
    await withClient(first, (client) => client.query("INSERT INTO mark VALUES (2)"));
    expect([await countRows(first), await countRows(second)]).toEqual([2, 1]);
  });

  it("recovers committed rows after being killed", async () => {
    const copy = await database.createDatabase();
    await withClient(copy, (client) => client.query("INSERT INTO mark VALUES (2), (3)"));
    await database.kill();
    expect(await canConnect(copy)).toBe(false);
    await database.start();
    expect(await countRows(copy)).toBe(3);
  });
});

describe("a test process that is killed", () => {
  it("takes its server and its data along", async () => {
    const folder = await mkdtemp(join(tmpdir(), "switchyard-killed-"));
    const script = join(folder, "start.ts");
    const module = fileURLToPath(new URL("embedded-database.ts", import.meta.url));
    await writeFile(
      script,
      `const { startEmbeddedDatabase } = await import(${JSON.stringify(module)});
       console.log((await startEmbeddedDatabase()).connectionString);
       setInterval(() => undefined, 1000);`,
    );
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const connectionString = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    });
    expect(await canConnect(connectionString)).toBe(true);
    child.kill("SIGKILL");
    while (await canConnect(connectionString)) await sleep(50);
    await rm(folder, { recursive: true });
  });
});
