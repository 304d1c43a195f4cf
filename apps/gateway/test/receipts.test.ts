import { createUuidV7 } from "@switchyard/secrets/random-id";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "cached", targets: [{ baseUrl: urlOf("good") }], cacheTtlSeconds: 60 },
      { name: "rescued", targets: [{ baseUrl: urlOf("bad"), weight: 1_000_000 }, { baseUrl: urlOf("good") }] },
    ],
    { keys: [{ name: "key" }, { name: "colleague" }, { name: "stranger", projectId: "prj_2" }] },
  );
});

afterEach(() => rig.close());

async function ask(model: string): Promise<string> {
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model, messages: hello }));
  await response.text();
  return response.headers.get("x-request-id") ?? "";
}

async function receiptOf(id: string, key = "key"): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${rig.policy.keys[key]}` };
  const response = await fetch(`${rig.gateway.url}/v1/receipts/${id}`, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

it("itemises a rescued call by attempt, and adds up", async () => {
  rig.simulator.behaviours.set("bad", "*", { errorStatus: 500 });
  const id = await ask("rescued");
  const { status, body } = await receiptOf(id, "colleague");
  expect(status).toBe(200);
  const attempts = body.attempts as { role: string; closing: string; cost_usd: string; failure: string | null }[];
  const cost = rig.gateway.requests[0]?.costPicoUsd ?? "";
  const paid = `0.${cost.padStart(12, "0")}`.replace(/0+$/, "");
  expect(attempts).toMatchObject([
    { closing: "void", cost_usd: "0", failure: "server_error" },
    { closing: "settle", cost_usd: paid, failure: null },
  ]);
  expect(body).toMatchObject({ id, cost_usd: paid, billed_usd: paid, corrected_usd: "0", currency: "USD" });
  expect(body.because).toEqual(rig.gateway.requests[0]?.because);
});

it("says what a remembered answer saved, and why a call was refused", async () => {
  await ask("cached");
  const saved = await receiptOf(await ask("cached"));
  expect(saved.body).toMatchObject({ cache: "hit", cost_usd: "0", attempts: [] });
  expect(saved.body.response_cache_saved_usd).not.toBe("0");
  const refused = await receiptOf(await ask("no-such-route"));
  expect(refused.body).toMatchObject({ status: 404, error_code: "model_not_found", cost_usd: "0", attempts: [] });
});

it("shows nothing to another project, nothing for an unknown id, and makes no record of being asked", async () => {
  const id = await ask("cached");
  const asked = [receiptOf(id, "stranger"), receiptOf(createUuidV7(0)), receiptOf("not-an-id")];
  for (const { status, body } of await Promise.all(asked)) {
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: "receipt_not_found" } });
  }
  expect(rig.gateway.requests).toHaveLength(1);
});

it("waits for the ledger where another process has just served the call", async () => {
  await ask("cached");
  const [elsewhere] = rig.gateway.requests;
  if (elsewhere === undefined) throw new Error("no request was recorded");
  const request = { ...elsewhere, requestId: createUuidV7(), attempts: 0, costPicoUsd: "0" };
  const pending = receiptOf(request.requestId);
  rig.gateway.ledger?.set(request.requestId, { request, attempts: [], corrections: [] });
  expect((await pending).body).toMatchObject({ id: request.requestId });
});

it("answers from memory while the ledger is away, and is unavailable for what it does not remember", async () => {
  const id = await ask("cached");
  rig.gateway.ledger = null;
  expect((await receiptOf(id)).status).toBe(200);
  const { status, body } = await receiptOf(createUuidV7());
  expect(status).toBe(503);
  expect(body).toMatchObject({ error: { code: "receipt_unavailable" } });
});
