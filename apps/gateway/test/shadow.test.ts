/** Copies of calls to a target that is tried out: paid for, learned from, and never seen by the client. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { GatewayError } from "../src/errors/gateway-error.ts";
import { collect, hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;
/** The shadow's attempts are refused, as by a budget that has no room. */
let isShort = false;

beforeEach(async () => {
  isShort = false;
  rig = await startGatewayAndProviders(
    (urlOf) => [
      {
        name: "chat",
        targets: [{ baseUrl: urlOf("good") }],
        shadow: { target: { baseUrl: urlOf("shadow"), providerModel: "new-model" }, percent: 100 },
      },
    ],
    {
      keys: [{ name: "key" }, { name: "discreet", projectId: "prj_2", zeroRetention: true }],
      refuseAttempt: ({ role }) => (isShort && role === "shadow" ? new GatewayError("budget_exceeded", "No.") : null),
    },
  );
});

afterEach(() => rig.close());

const seen = (provider: string): number =>
  [...rig.simulator.requests.newestFirst()].filter(({ url }) => url.startsWith(`/${provider}/`)).length;

it("asks it the same once more after the answer, and holds and settles that", async () => {
  rig.simulator.behaviours.set("shadow", "*", { slowFirstByteMs: 150 });
  const { response } = await rig.client.chat.completions.create({ model: "chat", messages: hello }).withResponse();
  expect(response.headers.get("x-switchyard-provider")).toBe("con_chat_0");
  expect(response.headers.get("x-switchyard-attempts")).toBe("1");
  // The client is answered, and its call closed, while the copy still waits.
  expect(rig.gateway.requests).toMatchObject([{ attempts: 1, verdict: "complete", connectionId: "con_chat_0" }]);
  await expect.poll(() => rig.gateway.settled.length).toBe(2);
  const copy = rig.gateway.settled[1];
  expect(copy?.hold).toMatchObject({ role: "shadow", attemptNumber: 2, connectionId: "con_chat_shadow" });
  expect(copy?.hold.requestId).toBe(rig.gateway.requests[0]?.requestId);
  expect(copy?.outcome).toMatchObject({ verdict: "complete", mayBeBilled: true, usageSource: "provider_final" });
  expect([seen("good"), seen("shadow")]).toEqual([1, 1]);
  const receipt = await fetch(`${rig.gateway.url}/v1/receipts/${copy?.hold.requestId}`, {
    headers: { authorization: `Bearer ${rig.policy.keys["key"]}` },
  });
  const body = (await receipt.json()) as { cost_by_role_usd: Record<string, string>; attempts: unknown[] };
  expect(body.attempts).toHaveLength(2);
  expect(Number(body.cost_by_role_usd["shadow"])).toBeGreaterThan(0);
});

it("reads a stream of it to the end", async () => {
  const stream = await rig.client.chat.completions.create({ model: "chat", messages: hello, stream: true });
  expect((await collect(stream)).length).toBeGreaterThan(1);
  await expect.poll(() => rig.gateway.settled.length).toBe(2);
  expect(rig.gateway.settled[1]?.outcome).toMatchObject({
    verdict: "complete",
    timeToFirstTokenMs: expect.any(Number),
  });
});

it("hides its failures, and makes no copy of a call that failed", async () => {
  rig.simulator.behaviours.set("shadow", "*", { errorStatus: 500 });
  const answer = await rig.client.chat.completions.create({ model: "chat", messages: hello });
  expect(answer.choices[0]?.message.content).not.toBe("");
  await expect.poll(() => rig.gateway.settled.length).toBe(2);
  rig.simulator.behaviours.set("good", "*", { errorStatus: 400 });
  const refused = await rig.send("/v1/chat/completions", JSON.stringify({ model: "chat", messages: hello }));
  expect(refused.status).toBe(400);
  expect(seen("shadow")).toBe(1);
});

it("leaves it out where a budget has no room for it", async () => {
  isShort = true;
  expect((await rig.send("/v1/chat/completions", JSON.stringify({ model: "chat", messages: hello }))).status).toBe(200);
  await expect.poll(() => rig.gateway.inFlight.count).toBe(0);
  expect([seen("good"), seen("shadow"), rig.gateway.settled.length]).toEqual([1, 0, 1]);
});

it("sends it nothing of a project that lets nobody keep anything", async () => {
  await rig.clientFor("discreet").chat.completions.create({ model: "chat", messages: hello });
  expect(rig.gateway.requests.at(-1)?.because.at(-1)).toMatchObject({
    code: "shadow_passed_over",
    text: expect.stringContaining("the project keeps nothing"),
  });
  expect(seen("shadow")).toBe(0);
});
