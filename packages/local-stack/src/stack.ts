/**
 * A whole Switchyard on this machine: PostgreSQL, simulator, control plane, worker, gateway, all on 127.0.0.1. `npm start`,
 * the system and browser tests, the demo and the benchmark run on it. The applications must be built (stack/build.ts).
 */
import { existsSync } from "node:fs";
import { generateMasterKey } from "@switchyard/secrets/master-key";
import { generatePassword } from "@switchyard/secrets/random-password";
import { type Environment, inheritEnvironment, providerKeys } from "./stack/environment.ts";
import { type FirstRun, seed } from "./stack/first-run.ts";
import { openHome } from "./stack/home.ts";
import { startLocalDatabase } from "./stack/local-database.ts";
import { checkPorts, findFreePorts, type StackPorts } from "./stack/ports.ts";
import { prepareDatabase } from "./stack/prepare-database.ts";
import { listProcessTree } from "./stack/process-tree.ts";
import {
  describeServer,
  localUrl,
  seedEnvironment,
  type ServerName,
  type ServerSurroundings,
} from "./stack/server-processes.ts";
import type { StateFolder } from "./stack/state-folder.ts";
import { Reaper } from "./supervisor/reaper.ts";
import { type ProcessDefinition, type ProcessEvent, SupervisedProcess } from "./supervisor/supervised-process.ts";

export type ComponentName = "database" | ServerName;

/** Started in this order, as far as order matters, and stopped in the reverse: the gateway drains while all else runs. */
const startOrder: readonly ComponentName[] = ["database", "simulator", "control-plane", "worker", "gateway"];
const readyTimeoutMs = 90_000;

export interface StackOptions {
  /** Where everything is kept. Default: a temporary folder that is deleted on shutdown. */
  home?: string;
  /** Default: free ones. */
  ports?: "free" | StackPorts;
  /** Default: one per core. */
  gatewayProcesses?: number;
  /** Default: all. The database and the first-run seed come with any of the others but the simulator. */
  components?: readonly ComponentName[];
  /** More variables for the servers and the seed. */
  env?: Environment;
  /** More variables for the gateway alone. */
  gatewayEnv?: Environment;
  /** A PostgreSQL to use, as its owner, instead of an embedded one. */
  databaseUrl?: string;
  onEvent?: (event: ProcessEvent) => void;
  /** Wraps each step of the start, to show it. */
  runStep?: <T>(label: string, work: (note: (text: string) => void) => Promise<T>) => Promise<T>;
  /** Gives up starting, and stops what already runs. */
  signal?: AbortSignal;
}

export interface Stack {
  readonly home: string;
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  readonly simulatorUrl: string;
  readonly workerUrl: string;
  /** As the owner, who may do everything. */
  readonly databaseUrl: string;
  /** Where the embedded PostgreSQL keeps its data; null when another one is used. */
  readonly databaseFolder: string | null;
  /** Null when the database was seeded before and the file with its secrets is gone. */
  readonly firstRun: FirstRun | null;
  /** The component's main process and all that it forked; empty while it does not run. */
  processIds(component: ComponentName): number[];
  /** Sends a signal to the component's main process. If it ends, the supervisor starts it again. */
  kill(component: ComponentName, signal: NodeJS.Signals): void;
  /** Ends the component; it stays down until `start`. */
  stop(component: ComponentName): Promise<void>;
  /** Starts a stopped component and waits until it is ready. */
  start(component: ComponentName): Promise<void>;
  waitUntilReady(component: ComponentName): Promise<void>;
  /** Stops everything in order and deletes the home if it was temporary. */
  shutdown(): Promise<void>;
  /** Ends everything at once. */
  destroy(): Promise<void>;
}

/**
 * Starts a stack and waits until every component is ready.
 * @throws OperatorError with one line a problem, after everything that had started was stopped again.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const supervisor = new StackSupervisor(options);
  const abandon = () => void supervisor.destroy();
  options.signal?.addEventListener("abort", abandon, { once: true });
  try {
    options.signal?.throwIfAborted();
    return await supervisor.start();
  } catch (error) {
    await supervisor.shutdown();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", abandon);
  }
}

class StackSupervisor {
  readonly #options: StackOptions;
  readonly #components: ReadonlySet<ComponentName>;
  readonly #processes = new Map<ComponentName, SupervisedProcess>();
  readonly #reaper = new Reaper();
  #databaseFolder: string | null = null;
  #releaseHome: () => Promise<void> = () => Promise.resolve();

  constructor(options: StackOptions) {
    this.#options = options;
    this.#components = new Set(options.components ?? startOrder);
  }

  async start(): Promise<Stack> {
    const { ports: chosenPorts = "free", gatewayProcesses, env = {}, gatewayEnv = {} } = this.#options;
    const { databaseUrl: external } = this.#options;
    const { state, release } = await openHome(this.#options.home, this.#reaper);
    this.#releaseHome = release;
    const ports = chosenPorts === "free" ? await findFreePorts() : chosenPorts;
    await this.#checkPorts(ports);

    const databaseUrl = external ?? (await this.#startDatabase(state, ports.database));
    const inherited = inheritEnvironment(env);
    const access = await this.#step("preparing the database", async (note) => {
      const password = state.secret("gateway-database-password", generatePassword);
      return await prepareDatabase(databaseUrl, password, { usesRedis: Boolean(env["REDIS_URL"]), note });
    });
    const masterKey = env["SWITCHYARD_MASTER_KEY"] || state.secret("master-key", generateMasterKey);
    const settings = { gatewayProcesses, gatewayEnv, inherited };
    const surroundings: ServerSurroundings = { ports, state, access, masterKey, ...settings };
    const addresses = { gatewayUrl: localUrl(ports.gateway), adminUrl: localUrl(ports.admin) };
    const firstRun = await this.#seed(state, addresses, { ...seedEnvironment(surroundings), ...providerKeys(env) });
    await this.#startServers(surroundings);

    return {
      home: state.path,
      ...addresses,
      simulatorUrl: localUrl(ports.simulator),
      workerUrl: localUrl(ports.worker),
      databaseUrl,
      databaseFolder: this.#databaseFolder,
      firstRun,
      processIds: (component) => {
        const { pid } = this.#process(component);
        return pid === null ? [] : listProcessTree(pid);
      },
      kill: (component, signal) => this.#process(component).kill(signal),
      stop: (component) => this.#process(component).stop(),
      start: async (component) => {
        this.#process(component).start();
        await this.#process(component).waitUntilReady(readyTimeoutMs);
      },
      waitUntilReady: (component) => this.#process(component).waitUntilReady(readyTimeoutMs),
      shutdown: () => this.shutdown(),
      destroy: () => this.destroy(),
    };
  }

  /** Stops what runs, the last started first, and gives the home back. */
  async shutdown(): Promise<void> {
    for (const component of startOrder.toReversed()) await this.#processes.get(component)?.stop();
    await this.#release();
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#processes.values()].map((child) => child.destroy()));
    await this.#release();
  }

  async #release(): Promise<void> {
    this.#reaper.close();
    await this.#releaseHome();
  }

  async #checkPorts(ports: StackPorts): Promise<void> {
    const portOf = {
      database: "database",
      simulator: "simulator",
      worker: "worker",
      gateway: "gateway",
      "control-plane": "admin",
    } as const;
    const parts = [...this.#components].filter(
      (name) => name !== "database" || this.#options.databaseUrl === undefined,
    );
    await checkPorts(
      ports,
      parts.map((name) => portOf[name]),
    );
  }

  async #startDatabase(state: StateFolder, port: number): Promise<string> {
    const database = await this.#step("starting PostgreSQL", () =>
      startLocalDatabase(state, port, readyTimeoutMs, (definition) => this.#supervise("database", definition)),
    );
    this.#databaseFolder = database.dataFolder;
    return database.url;
  }

  async #seed(
    state: StateFolder,
    addresses: { gatewayUrl: string; adminUrl: string },
    environment: Environment,
  ): Promise<FirstRun | null> {
    const file = state.at("first-run.json");
    const label = existsSync(file) ? "checking the seed" : "seeding";
    return await this.#step(label, () => seed(file, addresses, environment));
  }

  async #startServers(surroundings: ServerSurroundings): Promise<void> {
    const names = startOrder.filter((name): name is ServerName => name !== "database" && this.#components.has(name));
    if (names.length === 0) return;
    await this.#step(`starting ${names.join(", ")}`, async (note) => {
      const waiting = new Set<string>(names);
      const servers = names.map((name) => this.#supervise(name, describeServer(name, surroundings)));
      await Promise.all(
        servers.map(async (server) => {
          await server.waitUntilReady(readyTimeoutMs);
          waiting.delete(server.definition.name);
          note(`waiting for ${[...waiting].join(", ")}`);
        }),
      );
    });
  }

  #supervise(name: ComponentName, definition: ProcessDefinition): SupervisedProcess {
    this.#options.signal?.throwIfAborted();
    const child = new SupervisedProcess(definition, this.#reaper, (event) => this.#options.onEvent?.(event));
    this.#processes.set(name, child);
    child.start();
    return child;
  }

  #process(name: ComponentName): SupervisedProcess {
    const child = this.#processes.get(name);
    if (child === undefined) throw new Error(`this stack runs without ${name}`);
    return child;
  }

  async #step<T>(label: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    this.#options.signal?.throwIfAborted();
    return await (this.#options.runStep?.(label, work) ?? work(() => undefined));
  }
}
