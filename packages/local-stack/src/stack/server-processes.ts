/** The four Node processes of a stack: what each is told, when it is ready, how long it may take to stop. */
import { join } from "node:path";
import { repositoryRoot } from "../repository-root.ts";
import type { ProcessDefinition } from "../supervisor/supervised-process.ts";
import type { Environment } from "./environment.ts";
import type { StackPorts } from "./ports.ts";
import type { DatabaseAccess } from "./prepare-database.ts";
import type { StateFolder } from "./state-folder.ts";

export type ServerName = "simulator" | "control-plane" | "worker" | "gateway";

export interface ServerSurroundings {
  ports: StackPorts;
  state: StateFolder;
  access: DatabaseAccess;
  masterKey: string;
  gatewayProcesses?: number | undefined;
  gatewayEnv: Environment;
  inherited: Environment;
}

const host = "127.0.0.1";

export function localUrl(port: number): string {
  return `http://${host}:${port}`;
}

export function describeServer(name: ServerName, surroundings: ServerSurroundings): ProcessDefinition {
  const { script, env, stopTimeoutMs, readyUrl } = describers[name](surroundings);
  return {
    name,
    command: process.execPath,
    args: [join(repositoryRoot, script)],
    env: { ...surroundings.inherited, ...env },
    logFile: join(surroundings.state.logs, `${name}.log`),
    stopSignal: "SIGTERM",
    stopTimeoutMs,
    isReady: () => answersOk(readyUrl),
  };
}

/** What the control plane's first-run seed is told. */
export function seedEnvironment(surroundings: ServerSurroundings): Environment {
  return {
    ...surroundings.inherited,
    ...describers["control-plane"](surroundings).env,
    SIMULATOR_URL: localUrl(surroundings.ports.simulator),
  };
}

interface ServerDescription {
  script: string;
  env: Environment;
  stopTimeoutMs: number;
  readyUrl: string;
}

const describers: Record<ServerName, (surroundings: ServerSurroundings) => ServerDescription> = {
  simulator: ({ ports, state }) => ({
    script: "packages/simulator/src/main.ts",
    env: {
      SIMULATOR_HOST: host,
      SIMULATOR_PORT: String(ports.simulator),
      SIMULATOR_LEDGER_FILE: state.at("simulator-ledger.jsonl"),
    },
    stopTimeoutMs: 5_000,
    readyUrl: `${localUrl(ports.simulator)}/_simulator/health`,
  }),

  "control-plane": ({ ports, state, access, masterKey }) => ({
    script: "apps/control-plane/dist/main.js",
    env: {
      SWITCHYARD_LOCAL: "1",
      SWITCHYARD_HOME: state.path,
      SWITCHYARD_MASTER_KEY: masterKey,
      DATABASE_URL: access.databaseUrl,
      ADMIN_HOST: host,
      ADMIN_PORT: String(ports.admin),
      DASHBOARD_DIR: join(repositoryRoot, "apps/dashboard/out"),
      PUBLIC_GATEWAY_URL: localUrl(ports.gateway),
    },
    stopTimeoutMs: 10_000,
    readyUrl: `${localUrl(ports.admin)}/readyz`,
  }),

  worker: ({ ports, access, masterKey }) => ({
    script: "apps/worker/dist/main.js",
    env: {
      SWITCHYARD_LOCAL: "1",
      SWITCHYARD_MASTER_KEY: masterKey,
      DATABASE_URL: access.databaseUrl,
      WORKER_HOST: host,
      WORKER_PORT: String(ports.worker),
    },
    stopTimeoutMs: 20_000,
    readyUrl: `${localUrl(ports.worker)}/readyz`,
  }),

  gateway: ({ ports, state, access, masterKey, gatewayProcesses, gatewayEnv, inherited }) => ({
    script: "apps/gateway/dist/main.js",
    env: {
      SWITCHYARD_LOCAL: "1",
      SWITCHYARD_MASTER_KEY: masterKey,
      GATEWAY_DATABASE_URL: access.gatewayDatabaseUrl,
      GATEWAY_HOST: host,
      GATEWAY_PORT: String(ports.gateway),
      GATEWAY_STATE_DIR: state.at("gateway"),
      GATEWAY_REGION: inherited["GATEWAY_REGION"] ?? "local",
      // Somebody waits at the terminal; production gives long streams ten minutes.
      GATEWAY_DRAIN_TIMEOUT_MS: inherited["GATEWAY_DRAIN_TIMEOUT_MS"] ?? "15000",
      ...(gatewayProcesses === undefined ? {} : { GATEWAY_PROCESSES: String(gatewayProcesses) }),
      ...gatewayEnv,
    },
    stopTimeoutMs: 20_000,
    readyUrl: `${localUrl(ports.gateway)}/readyz`,
  }),
};

async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}
