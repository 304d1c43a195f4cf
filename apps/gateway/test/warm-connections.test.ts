/** Connections that lie ready before a call asks for them, counted by the server that they are made to. */
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { noResilience, type Route } from "@switchyard/policy-engine/policy/route";
import { afterEach, beforeEach, expect, it } from "vitest";
import { activateRevision } from "../src/policies/activate-revision.ts";
import { PolicyStore } from "../src/policies/policy.store.ts";
import { HealthMap } from "../src/routing/health-map.ts";
import { ConnectionWarmer } from "../src/upstream/connection-warmer.ts";
import { readUpstreamAddress, UpstreamClient } from "../src/upstream/upstream-client.ts";
import { UpstreamExchange } from "../src/upstream/upstream-exchange.ts";
import { createPolicy, publish } from "./harness/policy-fixture.ts";

const timeouts = { connectMs: 3_000, firstByteMs: 5_000, idleMs: 5_000, totalMs: 10_000 };

let server: Server;
let sockets: Socket[];
/** Which connection each request came on, by the order in which they were made. */
let carriedBy: number[];
let client: UpstreamClient;
let baseUrl: string;

beforeEach(async () => {
  sockets = [];
  carriedBy = [];
  server = createServer((request, response) => {
    carriedBy.push(sockets.indexOf(request.socket));
    response.end("{}");
  });
  server.on("connection", (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new UpstreamClient(createAddressPolicy({ allowLoopback: true, allowedRanges: [] }));
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  server.close();
});

async function send(): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const sink = {
      onHead: () => undefined,
      onData: () => undefined,
      onEnd: (failure: unknown) => (failure === null ? resolve() : reject(failure)),
    };
    const address = readUpstreamAddress(baseUrl);
    const request = { address, path: "/", headers: {}, body: new Uint8Array(), connectMs: timeouts.connectMs };
    client.send(request, new UpstreamExchange(sink, timeouts));
  });
}

it("is used by the next call, and none is made while one is free", async () => {
  const address = readUpstreamAddress(baseUrl);
  for (let time = 0; time < 3; time++) client.warm(address, timeouts.connectMs);
  await expect.poll(() => sockets.length).toBe(1);
  await send();
  expect(carriedBy).toEqual([0]);
  // When the pool has it back, the call's connection is the warm one.
  await setImmediate();
  client.warm(address, timeouts.connectMs);
  await send();
  expect([sockets.length, carriedBy]).toEqual([1, [0, 0]]);
});

it("is given up where the other side has closed it", async () => {
  client.warm(readUpstreamAddress(baseUrl), timeouts.connectMs);
  await expect.poll(() => sockets.length).toBe(1);
  const closed = new Promise((resolve) => sockets[0]?.once("close", resolve));
  sockets[0]?.destroy();
  await closed;
  await expect
    .poll(async () => {
      await send();
      return carriedBy.at(-1);
    })
    .toBe(1);
});

it("is made to the fallback when the first choice is in trouble, and not before", async () => {
  const policies = new PolicyStore();
  const health = new HealthMap();
  const warmer = new ConnectionWarmer(policies, health, client);
  const activate = (resilience: Route["resilience"]) => {
    const targets = [{ baseUrl: "http://127.0.0.1:9/v1" }, { baseUrl: `${baseUrl}/v1` }];
    const { revision } = createPolicy({
      routes: [{ name: "chat", targets, timeouts, ...(resilience === undefined ? {} : { resilience }) }],
    });
    const activation = activateRevision(publish(1, revision));
    if (activation.kind === "refused") throw new Error(activation.problems.join("; "));
    policies.swap(activation.policy);
  };
  activate(noResilience);
  const first = { connectionId: "con_chat_0", modelId: "mod_1" };
  const end = { failure: null, firstTokenMs: null, totalMs: 5, retryAfterMs: null };
  health.note(first, end);
  warmer.look();
  await send();
  expect(sockets).toHaveLength(1);
  sockets[0]?.destroy();
  health.note(first, { ...end, failure: "connect" });
  await expect
    .poll(() => {
      warmer.look();
      return sockets.length;
    })
    .toBe(2);
  for (let look = 0; look < 5; look++) warmer.look();
  await send();
  expect(carriedBy).toEqual([0, 1]);
});
