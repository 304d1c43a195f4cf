/**
 * The three things that are measured: the simulator itself, a bare forwarder in front of it, the gateway in front of it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Quota } from "@switchyard/metering/quota";
import { startGatewayProcess } from "../test/harness/gateway-process.ts";
import { startPolicyDatabase } from "../test/harness/policy-database.ts";
import { createPolicy, organisationId } from "../test/harness/policy-fixture.ts";
import { TestIngester } from "../test/settlement/test-ingester.ts";

export interface Subject {
  readonly name: "simulator" | "bare forwarder" | "gateway";
  readonly url: string;
  readonly pid: number;
}

export interface Subjects {
  readonly simulator: Subject;
  /** Alike. Streams and memory are measured on the first. */
  readonly forwarders: readonly [Subject, ...Subject[]];
  readonly gateway: Subject;
  readonly key: string;
  /**
   * Takes in what the gateway has shipped, as a worker does, until it is so many ends of attempts and requests, and goes on
   * taking in. Not before: it would slow down what is measured on the same cores, and costs what the worker is measured for.
   */
  takeIn(events: number): Promise<void>;
  /** Sets how the simulated model behaves. */
  behave(behaviour: object): Promise<void>;
  stop(): Promise<void>;
}

export const model = "sim-chat";
/**
 * What the bare forwarder costs depends on luck: in some of its processes the garbage collector keeps alive what streams left behind,
 * from the beginning to the end, and a call costs two thirds more. So there are some, and their mean is the yardstick.
 */
const forwarderProcesses = 5;
/** Routes to the same simulated model, spoken to as other kinds of providers are. */
export const translatedModels = { anthropic: "sim-anthropic", "google-gemini": "sim-gemini" } as const;
const simulatorScript = fileURLToPath(new URL("../../../packages/simulator/src/main.ts", import.meta.url));
const forwarderScript = fileURLToPath(new URL("bare-forwarder.ts", import.meta.url));

// Every feature is on: a hard budget and a request rate, both far from used up, so that each call holds from leases.
const quotas: readonly Quota[] = [
  {
    quotaId: "quota_budget",
    name: "Budget",
    unit: "pico_usd",
    period: "month",
    timeZone: "UTC",
    limit: "1000000000000000000",
    mode: "hard",
    whenShort: "refuse",
    scopeType: "organisation",
    scopeId: organisationId,
  },
  {
    quotaId: "quota_rate",
    name: "Rate",
    unit: "requests",
    period: "minute",
    timeZone: "UTC",
    limit: "1000000000",
    mode: "hard",
    whenShort: "refuse",
    scopeType: "project",
    scopeId: "prj_1",
  },
];

export async function startSubjects(nodeFlags: readonly string[] = []): Promise<Subjects> {
  const ended: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ended.toReversed()) await end();
  };
  try {
    const simulator = await startScript(simulatorScript, [], { SIMULATOR_PORT: "0" });
    ended.push(simulator.stop);
    const simulatorUrl = /http:\/\/[\d.:]+/.exec(simulator.firstLine)?.[0] ?? "";
    const startForwarder = async (): Promise<Subject> => {
      const { pid, firstLine, stop: end } = await startScript(forwarderScript, [simulatorUrl], {});
      ended.push(end);
      return { name: "bare forwarder", url: `http://127.0.0.1:${firstLine.trim()}`, pid };
    };
    const forwarders: [Subject, ...Subject[]] = [await startForwarder()];
    while (forwarders.length < forwarderProcesses) forwarders.push(await startForwarder());

    const database = await startPolicyDatabase();
    ended.push(() => database.close());
    const policy = createPolicy({
      routes: [
        { name: model, targets: [{ baseUrl: `${simulatorUrl}/v1`, providerModel: model }] },
        translated("anthropic", `${simulatorUrl}/v1`),
        translated("google-gemini", `${simulatorUrl}/v1beta`),
      ],
      quotas,
    });
    await database.publish(1, policy.revision);
    const gateway = await startGatewayProcess({
      databaseUrl: database.gatewayUrl,
      processes: 1,
      keepsLines: false,
      nodeFlags,
    });
    ended.push(() => gateway.stop());

    return {
      simulator: { name: "simulator", url: simulatorUrl, pid: simulator.pid },
      forwarders,
      gateway: { name: "gateway", url: gateway.url, pid: gateway.pid },
      key: policy.keys["key"] ?? "",
      takeIn: async (events) => {
        const ingester = new TestIngester(database.ownerUrl);
        ended.push(() => ingester.stop());
        while (ingester.events.size < events) await sleep(100);
      },
      behave: async (behaviour) => {
        const response = await fetch(`${simulatorUrl}/_simulator/behaviours/*/${model}`, {
          method: "PUT",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(behaviour),
        });
        if (!response.ok) throw new Error(`the simulator refused a behaviour: ${await response.text()}`);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function translated(kind: keyof typeof translatedModels, baseUrl: string) {
  return { name: translatedModels[kind], targets: [{ baseUrl, kind, providerModel: model, credential: "k" }] };
}

interface Script {
  readonly pid: number;
  readonly firstLine: string;
  readonly stop: () => Promise<void>;
}

async function startScript(path: string, args: readonly string[], env: Record<string, string>): Promise<Script> {
  const child = spawn(process.execPath, [path, ...args], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [firstLine] = (await Promise.race([
    once(child.stdout, "data"),
    exited.then(() => Promise.reject(new Error(`${path} ended before it was ready`))),
  ])) as [Buffer];
  return {
    pid: child.pid ?? 0,
    firstLine: firstLine.toString(),
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
