import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "chat", targets: [{ baseUrl: urlOf("first") }], fallbacks: ["spare"] },
    { name: "spare", targets: [{ baseUrl: urlOf("second") }] },
    { name: "alone", targets: [{ baseUrl: urlOf("lonely") }] },
  ]);
});

afterEach(() => rig.close());

async function call(model: string): Promise<{ status: number; attempts: string | null }> {
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model, messages: hello }));
  await response.text();
  return { status: response.status, attempts: response.headers.get("x-switchyard-attempts") };
}

const becauseOfLast = (): string[] => rig.gateway.requests.at(-1)?.because.map(({ code }) => code) ?? [];

describe("circuits", () => {
  it("keep calls away from a target that fails, and no client notices", async () => {
    rig.simulator.behaviours.set("first", "*", { errorStatus: 500 });
    const answers: Awaited<ReturnType<typeof call>>[] = [];
    for (let turn = 0; turn < 7; turn++) answers.push(await call("chat"));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 200));
    expect(answers.slice(0, 5).map(({ attempts }) => attempts)).toEqual(["2", "2", "2", "2", "2"]);
    // Unless the machine is so slow that a trial was due, the first target is not asked at all.
    for (const { attempts } of answers.slice(5)) expect(Number(attempts)).toBeLessThanOrEqual(2);
    expect(becauseOfLast().some((code) => code === "circuit_open" || code === "circuit_trial")).toBe(true);
  });

  it("never turn a route into a refusal: the only target is tried out of need", async () => {
    rig.simulator.behaviours.set("lonely", "*", { errorStatus: 500 });
    for (let turn = 0; turn < 6; turn++) expect((await call("alone")).status).toBe(502);
    expect(becauseOfLast().some((code) => code === "trial_out_of_need" || code === "circuit_trial")).toBe(true);
    rig.simulator.behaviours.set("lonely", "*", {});
    expect((await call("alone")).status).toBe(200);
    expect((await call("alone")).status).toBe(200);
    expect(becauseOfLast()).toEqual(["weighted_choice"]);
  });

  it("leave no route without an answer for a provider that nobody listened for", async () => {
    await rig.simulator.close();
    for (let turn = 0; turn < 3; turn++) expect((await call("alone")).status).toBe(502);
  });

  it("are not what a provider's Retry-After is: that is obeyed even by a route's only target", async () => {
    rig.simulator.behaviours.set("lonely", "*", { errorStatus: 429, retryAfter: "7" });
    expect((await call("alone")).status).toBe(429);
    expect((await call("alone")).status).toBe(503);
    expect(becauseOfLast()).toContain("retry_after");
  });
});
