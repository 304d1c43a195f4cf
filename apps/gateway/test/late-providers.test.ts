/** Providers that are late rather than broken: hedging, latency objectives, and clients that do not wait for ever. */
import type { Behaviour } from "@switchyard/simulator/behaviour/behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

const noObjective = { firstTokenMs: null, wholeAnswerMs: null };
const noHedging = { enabled: false, mostPercentOfCalls: 5 };

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => {
    const targets = [
      { baseUrl: urlOf("first"), abortBilling: "stops" as const },
      { baseUrl: urlOf("second"), abortBilling: "stops" as const },
    ];
    const strategy = { type: "priority" as const };
    return [
      {
        name: "hedged",
        targets,
        strategy,
        resilience: { latencyObjective: noObjective, hedging: { enabled: true, mostPercentOfCalls: 20 } },
      },
      {
        name: "prompt",
        targets,
        strategy,
        resilience: { latencyObjective: { firstTokenMs: 100, wholeAnswerMs: null }, hedging: noHedging },
      },
      { name: "alone", targets: targets.slice(0, 1), strategy },
      { name: "plain", targets, strategy },
    ];
  });
});

afterEach(() => rig.close());

function firstIs(behaviour: Behaviour): void {
  rig.simulator.behaviours.set("first", "*", behaviour);
}

async function stream(model: string): Promise<{ provider: string | null; attempts: string | null; text: string }> {
  const { data, response } = await rig.client.chat.completions
    .create({ model, messages: hello, stream: true })
    .withResponse();
  let text = "";
  for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? "";
  const header = (name: string): string | null => response.headers.get(name);
  return { provider: header("x-switchyard-provider"), attempts: header("x-switchyard-attempts"), text };
}

describe("hedging", () => {
  beforeEach(async () => {
    for (let turn = 0; turn < 25; turn++) await stream("hedged");
  });

  it("asks the next target beside one whose first byte is late, and lets go of the late one", async () => {
    firstIs({ slowFirstByteMs: 20_000 });
    const answer = await stream("hedged");
    expect(answer).toMatchObject({ provider: "con_hedged_1", attempts: "2" });
    expect(answer.text).not.toBe("");
    const [late, hedge] = rig.gateway.settled.slice(-2);
    expect([late?.hold.role, late?.outcome.verdict, late?.outcome.failureClass]).toEqual(["first", "cancelled", null]);
    expect([hedge?.hold.role, hedge?.outcome.verdict]).toEqual(["hedge", "complete"]);
    expect(rig.gateway.held).toHaveLength(rig.gateway.settled.length);
    expect(rig.gateway.requests.at(-1)?.because.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["hedged", "hedge_won"]),
    );
  });

  it("keeps the first where the second does no better", async () => {
    firstIs({ slowFirstByteMs: 400 });
    rig.simulator.behaviours.set("second", "*", { errorStatus: 500 });
    expect(await stream("hedged")).toMatchObject({ provider: "con_hedged_0" });
    expect(rig.gateway.settled.slice(-2).map(({ outcome }) => outcome.verdict)).toEqual(["errored", "complete"]);
  });

  it("pays for no more second attempts than their share of the calls", async () => {
    firstIs({ slowFirstByteMs: 150 });
    for (let turn = 0; turn < 25; turn++) await stream("hedged");
    const hedges = rig.gateway.held.filter(({ role }) => role === "hedge").length;
    expect(hedges).toBeGreaterThan(0);
    expect(hedges).toBeLessThanOrEqual(50 * 0.2);
  });

  it("stops both for a client that leaves", async () => {
    firstIs({ slowFirstByteMs: 20_000 });
    rig.simulator.behaviours.set("second", "*", { slowFirstByteMs: 20_000 });
    const controller = new AbortController();
    const body = { model: "hedged", messages: hello, stream: true as const };
    const call = rig.client.chat.completions.create(body, { signal: controller.signal }).catch(() => null);
    const before = rig.gateway.settled.length;
    await expect.poll(() => rig.gateway.held.length).toBe(before + 2);
    controller.abort();
    await call;
    await expect.poll(() => rig.gateway.settled.length).toBe(before + 2);
    expect(rig.gateway.settled.slice(-2).map(({ outcome }) => outcome.verdict)).toEqual(["cancelled", "cancelled"]);
  });
});

describe("a latency objective", () => {
  it("leaves a target alone while it is late, before its late answers have ended", async () => {
    firstIs({ slowFirstByteMs: 3_000 });
    const providers: (string | null)[] = [];
    const calls: Promise<unknown>[] = [];
    // One call after the other is begun while all before it still wait.
    await expect
      .poll(() => {
        calls.push(stream("prompt").then(({ provider }) => providers.push(provider)));
        return providers[0];
      })
      .toBe("con_prompt_1");
    await Promise.all(calls);
    expect(providers.filter((provider) => provider === "con_prompt_0").length).toBeGreaterThanOrEqual(3);
    expect(rig.gateway.requests.flatMap(({ because }) => because.map(({ code }) => code))).toContain("too_slow");
  });

  it("is no objective of other routes", async () => {
    firstIs({ slowFirstByteMs: 200 });
    for (let turn = 0; turn < 4; turn++) await stream("plain");
    expect(await stream("plain")).toMatchObject({ provider: "con_plain_0" });
  });
});

describe("a client that does not wait for ever", () => {
  const body = JSON.stringify({ model: "alone", messages: hello });

  it("is told in time, and no further attempt is made for it", async () => {
    firstIs({ slowFirstByteMs: 20_000 });
    const plain = JSON.stringify({ model: "plain", messages: hello });
    const response = await rig.send("/v1/chat/completions", plain, { "x-switchyard-timeout-ms": "150" });
    expect(response.status).toBe(504);
    expect(rig.gateway.settled).toHaveLength(1);
    expect(rig.gateway.requests.at(-1)?.because.at(-1)?.code).toBe("stopped_at_deadline");
  });

  it("as the official SDK says it", async () => {
    firstIs({ slowFirstByteMs: 20_000 });
    const response = await rig.send("/v1/chat/completions", body, { "x-stainless-timeout": "1" });
    expect(response.status).toBe(504);
  });

  it("does not make its impatience the target's fault", async () => {
    firstIs({ slowFirstByteMs: 300 });
    for (let turn = 0; turn < 6; turn++) {
      const response = await rig.send("/v1/chat/completions", body, { "x-switchyard-timeout-ms": "60" });
      expect(response.status).toBe(504);
    }
    expect((await rig.send("/v1/chat/completions", body)).status).toBe(200);
    expect(rig.gateway.requests.at(-1)?.because.map(({ code }) => code)).not.toContain("trial_out_of_need");
  });

  it.each(["0", "1.5", "soon", "99999999"])("refuses the timeout %s", async (timeout) => {
    const response = await rig.send("/v1/chat/completions", body, { "x-switchyard-timeout-ms": timeout });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_header" } });
  });
});
