/** A whole gateway as it runs in production: compiled, with its own primary and workers, against a real database. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { masterKeyText } from "./policy-fixture.ts";

const script = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Every log line so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly stateDirectory: string;
  kill(signal: NodeJS.Signals): void;
  /** Closes its standard input, as the death of whoever started it would. */
  closeLifeline(): void;
  /** Waits for the end and answers the exit code. */
  exited(): Promise<number | null>;
  /** Ends it as an operator would, and removes its state unless that is kept for a next start. */
  stop(options?: { readonly keepsState?: boolean }): Promise<void>;
}

export interface GatewayProcessOptions {
  readonly databaseUrl: string;
  readonly processes?: number;
  readonly stateDirectory?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
  /** False for loads whose log would fill the memory of whoever watches. */
  readonly keepsLines?: boolean;
}

/** Starts it on a free port and waits until it is ready. Rejects with its last words if it ends instead. */
export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const stateDirectory = options.stateDirectory ?? (await mkdtemp(join(tmpdir(), "switchyard-gateway-")));
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), script], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      NODE_ENV: "production",
      SWITCHYARD_LOCAL: "1",
      SWITCHYARD_LIFELINE: "stdin",
      SWITCHYARD_MASTER_KEY: masterKeyText,
      GATEWAY_DATABASE_URL: options.databaseUrl,
      GATEWAY_PORT: "0",
      GATEWAY_PROCESSES: String(options.processes ?? 1),
      GATEWAY_STATE_DIR: stateDirectory,
      // No worker runs, so the ledger never has everything.
      GATEWAY_FLUSH_TIMEOUT_MS: "200",
      ...options.env,
    },
  });
  const lines: Record<string, unknown>[] = [];
  const port = await listeningPort(child, lines, options.keepsLines ?? true);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url, child);
  const exit = once(child, "exit") as Promise<[number | null]>;
  return {
    url,
    pid: child.pid ?? 0,
    lines,
    stateDirectory,
    kill: (signal) => void child.kill(signal),
    closeLifeline: () => child.stdin?.end(),
    exited: async () => (await exit)[0],
    stop: async ({ keepsState = false } = {}) => {
      child.kill("SIGTERM");
      await exit;
      if (!keepsState) await rm(stateDirectory, { recursive: true, force: true });
    },
  };
}

async function listeningPort(
  child: ChildProcess,
  lines: Record<string, unknown>[],
  keepsLines: boolean,
): Promise<number> {
  let lastWords = "";
  child.stderr?.on("data", (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-4_000)));
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => {
      const said = lines.map((line) => JSON.stringify(line)).join("\n");
      reject(new Error(`the gateway ended with code ${code}: ${lastWords}\n${said.slice(-4_000)}`));
    });
    if (child.stdout === null) return;
    const reader = createInterface(child.stdout).on("line", (text) => {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      if (line["msg"] !== "the gateway is listening") return;
      resolve(Number(line["port"]));
      if (keepsLines) return;
      reader.close();
      child.stdout?.resume();
    });
  });
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const response = await fetch(`${url}/readyz`);
    await response.arrayBuffer();
    if (response.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
