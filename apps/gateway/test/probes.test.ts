/** Connections that are asked for their model list while no call goes there. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ProbeOutcome } from "@switchyard/policy-engine/health/probe";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { createLogger } from "@switchyard/telemetry/logger";
import { createMetrics } from "@switchyard/telemetry/metrics";
import { afterEach, beforeEach, expect, it } from "vitest";
import { activateRevision } from "../src/policies/activate-revision.ts";
import { PolicyStore } from "../src/policies/policy.store.ts";
import { ConnectionProber } from "../src/probes/connection-prober.ts";
import type { ProbeTurn } from "../src/probes/probe.repository.ts";
import { HealthMap } from "../src/routing/health-map.ts";
import { SetAsideMemory } from "../src/routing/set-aside.memory.ts";
import { CredentialVault } from "../src/upstream/credential-vault.ts";
import { UpstreamClient } from "../src/upstream/upstream-client.ts";
import { createPolicy, masterKeyring, publish } from "./harness/policy-fixture.ts";

const called = { connectionId: "con_chat_0", modelId: "mod_1" };
const logger = createLogger({ service: "gateway-test", level: "silent" });

let provider: Server;
let asked: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[];
let status: number;
let client: UpstreamClient;
const probers: ConnectionProber[] = [];

beforeEach(async () => {
  asked = [];
  status = 200;
  provider = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, authorization: headers.authorization });
    response.writeHead(status, { "content-type": "application/json" }).end('{"object":"list","data":[]}');
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  client = new UpstreamClient(createAddressPolicy({ allowLoopback: true, allowedRanges: [] }));
});

afterEach(async () => {
  await Promise.all(probers.splice(0).map((prober) => prober.stop()));
  await client.close();
  provider.closeAllConnections();
  provider.close();
});

interface Rig {
  readonly prober: ConnectionProber;
  readonly health: HealthMap;
  readonly setAside: SetAsideMemory;
  readonly ended: ProbeOutcome[];
  readonly metrics: ReturnType<typeof createMetrics>;
}

/** A process whose turn it is, or that is told what another one found. */
function createProber(baseUrl: string, turn: Omit<ProbeTurn, "connectionId"> = { isTaken: true, found: null }): Rig {
  const { revision } = createPolicy({
    routes: [{ name: "chat", targets: [{ baseUrl, credential: "sk-probe-0123456789" }] }],
  });
  const connections = revision.connections.map((connection) => ({ ...connection, probe: { afterIdleSeconds: 30 } }));
  const activation = activateRevision(publish(1, { ...revision, connections }));
  if (activation.kind === "refused") throw new Error(activation.problems.join("; "));
  const policies = new PolicyStore();
  policies.swap(activation.policy);
  const health = new HealthMap();
  const setAside = new SetAsideMemory();
  const ended: ProbeOutcome[] = [];
  const turns = {
    take: async (idle: readonly { readonly connectionId: string }[]) =>
      idle.map(({ connectionId }) => ({ connectionId, ...turn })),
    end: async (_connectionId: string, outcome: ProbeOutcome) => void ended.push(outcome),
  };
  const metrics = createMetrics({ processMetrics: false });
  const vault = new CredentialVault(
    masterKeyring,
    logger,
    async () => ({ type: "bearer", token: "", expiresAtMs: 0 }) as never,
  );
  const prober = new ConnectionProber({ policies, health, setAside, vault, client, turns, metrics, logger });
  probers.push(prober);
  return { prober, health, setAside, ended, metrics };
}

function addressOfProvider(): string {
  return `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
}

const circuitOf = ({ health }: Rig) => health.facts().connections.get(called.connectionId)?.circuit;

it("asks an idle connection once, with its credential, and tells the others", async () => {
  const rig = createProber(addressOfProvider());
  rig.prober.look(true);
  await expect.poll(() => rig.ended).toEqual(["reachable"]);
  rig.prober.look(true);
  await rig.prober.stop();
  expect(asked).toEqual([{ method: "GET", url: "/v1/models", authorization: "Bearer sk-probe-0123456789" }]);
});

it("does not ask one that is being called, nor one that is another process's turn", async () => {
  const rig = createProber(addressOfProvider());
  rig.health.note(called, { failure: null, firstTokenMs: null, totalMs: 5, retryAfterMs: null });
  rig.prober.look(true);
  const other = createProber(addressOfProvider(), { isTaken: false, found: null });
  other.prober.look(true);
  await Promise.all([rig.prober.stop(), other.prober.stop()]);
  expect(asked).toEqual([]);
});

it("takes another process's word for a connection that cannot be reached", async () => {
  const rig = createProber(addressOfProvider(), { isTaken: false, found: { outcome: "unreachable", msAgo: 900 } });
  rig.prober.look(true);
  await expect.poll(() => circuitOf(rig)?.cause).toBe("connect");
  expect(asked).toEqual([]);
});

it("sets aside a credential that the provider does not take", async () => {
  status = 401;
  const rig = createProber(addressOfProvider());
  rig.prober.look(true);
  await expect.poll(() => rig.ended).toEqual(["credential_rejected"]);
  expect(rig.setAside.has("con_chat_0_cred", Date.now())).toBe(true);
});

it("tries a connection that could not be reached, and closes its circuit when it can be again", async () => {
  const address = addressOfProvider();
  const { port } = provider.address() as AddressInfo;
  await new Promise((resolve) => provider.close(resolve));
  const rig = createProber(address);
  rig.prober.look(true);
  await expect.poll(() => rig.ended).toEqual(["unreachable"]);
  expect(circuitOf(rig)?.openings).toBe(1);
  await new Promise<void>((resolve) => provider.listen(port, "127.0.0.1", resolve));
  await expect
    .poll(
      () => {
        rig.prober.look(false);
        return circuitOf(rig)?.openings;
      },
      { timeout: 5_000 },
    )
    .toBe(0);
  expect(asked).toHaveLength(1);
  // A trial is each process's own, so nobody is told of it.
  expect(rig.ended).toHaveLength(1);
});
