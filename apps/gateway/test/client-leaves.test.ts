import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [
    { name: "stops", targets: [{ baseUrl: urlOf("stopping"), abortBilling: "stops" }] },
    { name: "runs-on", targets: [{ baseUrl: urlOf("running"), abortBilling: "runs_on" }] },
  ]);
  rig.simulator.behaviours.set("stopping", "*", {
    outputTokens: 2_000,
    tokensPerSecond: 100,
    abortBilling: "stop_on_abort",
  });
  rig.simulator.behaviours.set("running", "*", {
    outputTokens: 60,
    tokensPerSecond: 200,
    abortBilling: "run_on_abort",
  });
});

afterEach(() => rig.close());

async function leaveAfterFirstToken(model: string): Promise<void> {
  const stream = await rig.client.chat.completions.create({ model, messages: hello, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
}

async function outcomeOfTheOnlyCall() {
  await vi.waitFor(() => expect(rig.gateway.finished).toHaveLength(1), { timeout: 5_000, interval: 20 });
  expect(rig.gateway.settled).toHaveLength(1);
  return rig.gateway.settled[0]?.outcome;
}

describe("a client that leaves its stream", () => {
  it("takes the provider's call with it where that stops the billing", async () => {
    await leaveAfterFirstToken("stops");
    expect(await outcomeOfTheOnlyCall()).toMatchObject({
      verdict: "cancelled",
      failureClass: "client_cancelled",
      usageSource: "estimate",
    });
    await vi.waitFor(() =>
      expect(rig.simulator.ledger.entries({}, 10)).toMatchObject([{ outcome: "aborted_by_client" }]),
    );
  });

  it("is billed exactly where the provider bills on", async () => {
    await leaveAfterFirstToken("runs-on");
    const outcome = await outcomeOfTheOnlyCall();
    const [entry] = rig.simulator.ledger.entries({}, 10);
    expect(outcome).toMatchObject({ verdict: "cancelled", usageSource: "provider_final" });
    expect(outcome?.usage).toMatchObject({ input: entry?.tokens.input, output: entry?.tokens.output });
    expect(entry?.outcome).toBe("complete");
    expect(rig.gateway.requests).toMatchObject([{ verdict: "cancelled", stream: true }]);
  });
});

it("a client that leaves before its answer is settled at the hold, or at what the provider counted", async () => {
  rig.simulator.behaviours.set("stopping", "*", { latencyMs: 60_000 });
  const abort = new AbortController();
  const call = rig.client.chat.completions.create({ model: "stops", messages: hello }, { signal: abort.signal });
  await vi.waitFor(() => expect(rig.gateway.held).toHaveLength(1));
  await vi.waitFor(() => expect(rig.simulator.ledger.openCalls).toBe(1));
  abort.abort();
  await expect(call).rejects.toThrow("Request was aborted.");
  expect(await outcomeOfTheOnlyCall()).toMatchObject({ verdict: "cancelled", usage: null, mayBeBilled: true });
  expect(rig.gateway.requests).toMatchObject([{ status: 499, errorCode: "client_closed_request" }]);
});
