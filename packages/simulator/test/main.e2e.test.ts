import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { HELLO } from "../src/testing/start-simulator.ts";

const MAIN = join(import.meta.dirname, "../src/main.ts");

type Process = ChildProcessByStdio<null, Readable, Readable>;

function start(variables: Record<string, string>): Process {
  const child = spawn(process.execPath, [MAIN], {
    env: { SIMULATOR_PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function urlOf(child: Process): Promise<string> {
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return /ready at (\S+),/.exec(String(line))?.[1] ?? "";
}

async function stop(child: Process, signal: NodeJS.Signals): Promise<unknown[]> {
  child.kill(signal);
  return once(child, "close");
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(`${url}/v1/chat/completions`, { method: "POST", body: JSON.stringify(body) });

describe("the simulator process", { timeout: 60_000 }, () => {
  it("keeps its ledger through SIGTERM and SIGKILL", async () => {
    const folder = mkdtempSync(join(tmpdir(), "simulator-main-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const variables = { SIMULATOR_LEDGER_FILE: join(folder, "ledger.ndjson") };

    const first = start(variables);
    const firstUrl = await urlOf(first);
    expect((await post(firstUrl, HELLO)).status).toBe(200);
    expect(await stop(first, "SIGTERM")).toEqual([0, null]);

    const second = start(variables);
    const secondUrl = await urlOf(second);
    await fetch(`${secondUrl}/_simulator/behaviours/*/*`, {
      method: "PUT",
      body: JSON.stringify({ stallAfterChunks: 1 }),
    });
    await (await post(secondUrl, { ...HELLO, stream: true })).body?.getReader().read();
    await stop(second, "SIGKILL");

    const thirdUrl = await urlOf(start(variables));
    const ledger = await (await fetch(`${thirdUrl}/_simulator/ledger`)).json();
    expect(ledger).toMatchObject({
      entries: [
        { sequence: 1, outcome: "complete", billed: true },
        { sequence: 2, outcome: "interrupted", billed: false, stream: true },
      ],
      totals: { calls: 2, openCalls: 0, billedCalls: 1 },
    });
  });

  it.each([
    [{ SIMULATOR_PORT: "many" }, /SIMULATOR_PORT/],
    [{ SIMULATOR_LEDGER_FILE: "/dev/null/ledger" }, /\/dev\/null/],
  ])("says in one line why it cannot start with %j", async (variables, reason) => {
    const child = start(variables);
    let output = "";
    child.stderr.on("data", (text) => (output += String(text)));
    expect(await once(child, "close")).toEqual([1, null]);
    expect(output).toMatch(/^simulator cannot start: .*\n$/);
    expect(output).toMatch(reason);
  });

  it("names the variable to change when its port is taken", async () => {
    const url = await urlOf(start({}));
    const child = start({ SIMULATOR_PORT: new URL(url).port });
    const [text] = (await once(child.stderr, "data")) as [Buffer];
    expect(String(text)).toMatch(/EADDRINUSE.*Set SIMULATOR_PORT/);
  });
});
