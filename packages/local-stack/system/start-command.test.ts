/** `npm start` as an operator meets it: a terminal, a state folder, ports, signals. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isPortFree } from "../src/free-port.ts";
import type { FirstRun } from "../src/stack/first-run.ts";
import { findFreePorts, type StackPorts } from "../src/stack/ports.ts";

const command = fileURLToPath(new URL("../src/commands/start.ts", import.meta.url));

let parent: string;
let home: string;
let ports: StackPorts;
const running: Terminal[] = [];

class Terminal {
  readonly child: ChildProcess;
  output = "";
  readonly exitCode: Promise<number | null>;

  constructor(env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [command], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: parent,
        SWITCHYARD_HOME: home,
        GATEWAY_PORT: String(ports.gateway),
        ADMIN_PORT: String(ports.admin),
        SIMULATOR_PORT: String(ports.simulator),
        WORKER_PORT: String(ports.worker),
        DATABASE_PORT: String(ports.database),
        GATEWAY_PROCESSES: "1",
        ...env,
      },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.exitCode = once(this.child, "close").then(([code]) => code as number | null);
    running.push(this);
  }

  async waitFor(text: string): Promise<void> {
    const ended = this.exitCode.then(() => {
      throw new Error(`ended without saying "${text}":\n${this.output}`);
    });
    await Promise.race([ended, this.#heard(text)]);
  }

  async #heard(text: string): Promise<void> {
    while (!this.output.includes(text)) await once(this.child.stdout ?? this.child, "data");
  }

  /** The process ends, and with it every port of the stack. */
  async stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return await this.exitCode;
  }
}

async function areAllPortsFree(): Promise<boolean> {
  return (await Promise.all(Object.values(ports).map(isPortFree))).every(Boolean);
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "switchyard-start-"));
  home = join(parent, "home");
  ports = await findFreePorts();
});

afterEach(async () => {
  for (const terminal of running.splice(0)) await terminal.stop("SIGTERM");
});

afterAll(() => rm(parent, { recursive: true, force: true }));

describe("npm start", () => {
  it("starts from nothing, prints a call that works, stops on Ctrl-C and keeps the data", async () => {
    const first = new Terminal();
    await first.waitFor("Ctrl-C stops it all");
    const file = join(home, "first-run.json");
    const firstRun = JSON.parse(await readFile(file, "utf8")) as FirstRun;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    for (const url of [firstRun.gatewayUrl, firstRun.adminUrl]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await callAsPrinted(first.output)).status).toBe(200);

    const second = new Terminal();
    expect(await second.exitCode).toBe(1);
    expect(second.output).toMatch(new RegExp(`^Switchyard already runs .*process ${first.child.pid}.*\n$`));

    expect(await first.stop("SIGINT")).toBe(0);
    expect(await areAllPortsFree()).toBe(true);

    const again = new Terminal();
    await again.waitFor("Ctrl-C stops it all");
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual(firstRun);
    expect((await callAsPrinted(again.output)).status).toBe(200);
  });

  it("recovers from being killed outright", async () => {
    const killed = new Terminal();
    await killed.waitFor("Ctrl-C stops it all");
    await killed.stop("SIGKILL");
    const again = new Terminal();
    await again.waitFor("Ctrl-C stops it all");
    expect((await callAsPrinted(again.output)).status).toBe(200);
  });

  it("names every busy port and the variable that moves it", async () => {
    const servers = [ports.gateway, ports.database].map((port) => createServer().listen(port, "127.0.0.1"));
    await Promise.all(servers.map((server) => once(server, "listening")));
    const terminal = new Terminal();
    expect(await terminal.exitCode).toBe(1);
    for (const server of servers) server.close();
    const lines = terminal.output.trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`Port ${ports.gateway} (gateway) is in use`);
    expect(lines[1]).toContain(`DATABASE_PORT=`);
  });

  it("says in one line that the database cannot be reached", async () => {
    const terminal = new Terminal({ DATABASE_URL: `postgres://nobody:secret@127.0.0.1:${ports.database}/none` });
    expect(await terminal.exitCode).toBe(1);
    expect(terminal.output).toContain("The database cannot be prepared: connect ECONNREFUSED");
    expect(terminal.output).not.toContain("    at ");
    expect(terminal.output).not.toContain("secret");
  });
});

/** Makes the call that the printed curl line would make. */
async function callAsPrinted(output: string): Promise<Response> {
  const [, url = ""] = /curl (\S+)/.exec(output) ?? [];
  const [, key = ""] = /Authorization: Bearer (\S+)'/.exec(output) ?? [];
  const [, body = ""] = /-d '(.*)'/.exec(output) ?? [];
  return await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
  });
}
