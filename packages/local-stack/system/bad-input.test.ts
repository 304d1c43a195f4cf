/** Bad input gets a 4xx with a code from docs/errors.md, and the processes stay up. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

let stack: Stack;
let admin: AdminApi;
let tenant: Tenant;
let stranger: Tenant;
let processes: number[];

beforeAll(async () => {
  stack = await startStack();
  admin = new AdminApi(stack);
  tenant = await createTenant(stack, admin, [{ meter: "requests", usd: "0.01", per: 1 }]);
  stranger = await createTenant(stack, admin, [{ meter: "requests", usd: "0.01", per: 1 }]);
  processes = stack.processIds("gateway");
});

afterAll(async () => {
  await stack?.shutdown();
});

interface Refusal {
  readonly status: number;
  readonly code: string;
}

async function callGateway(body: string, headers: Record<string, string> = {}): Promise<Refusal> {
  const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json", ...headers },
    body,
  });
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.message).toBeTruthy();
  return { status: response.status, code: error.code };
}

const message = [{ role: "user", content: "x" }];
const chat = (fields: Record<string, unknown>) => JSON.stringify({ model: tenant.model, messages: message, ...fields });

describe("the gateway", () => {
  it.each<[string, () => string, Refusal]>([
    ["malformed JSON", () => `{"model":`, { status: 400, code: "invalid_json" }],
    ["an empty body", () => "", { status: 400, code: "invalid_json" }],
    ["a depth bomb", () => "[".repeat(200_000), { status: 400, code: "json_too_deep" }],
    [
      "a deep object",
      () => chat({ x: JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`) }),
      { status: 400, code: "json_too_deep" },
    ],
    ["an array for a request", () => "[]", { status: 400, code: "invalid_request" }],
    ["a number for a model", () => chat({ model: 7 }), { status: 400, code: "invalid_request" }],
    ["a string for messages", () => chat({ messages: "hello" }), { status: 400, code: "invalid_request" }],
    ["a string for stream", () => chat({ stream: "yes" }), { status: 400, code: "invalid_request" }],
    ["a negative cap", () => chat({ max_tokens: -1 }), { status: 400, code: "invalid_request" }],
    ["a fractional cap", () => chat({ max_completion_tokens: 1.5 }), { status: 400, code: "invalid_request" }],
    ["an unknown model", () => chat({ model: "no-such-model" }), { status: 404, code: "model_not_found" }],
    ["a model named like a prototype", () => chat({ model: "__proto__" }), { status: 404, code: "model_not_found" }],
  ])("refuses %s", async (_, body, refusal) => {
    expect(await callGateway(body())).toEqual(refusal);
  });

  it("refuses a body over the limit", async () => {
    expect(await callGateway(chat({ padding: "x".repeat(9 * 1024 * 1024) }))).toEqual({
      status: 413,
      code: "body_too_large",
    });
  });

  it.each([
    ["a wrong media type", { "content-type": "text/plain" }, { status: 415, code: "unsupported_media_type" }],
    ["a made-up key", { authorization: "Bearer sk-sy-abcdefghijkl_wrong" }, { status: 401, code: "invalid_api_key" }],
    ["an SQL injection for a key", { authorization: "Bearer ' OR '1'='1" }, { status: 401, code: "invalid_api_key" }],
    ["no key", { authorization: "" }, { status: 401, code: "invalid_api_key" }],
  ])("refuses %s", async (_, headers, refusal) => {
    expect(await callGateway(chat({}), headers)).toEqual(refusal);
  });

  it("refuses a route of another project", async () => {
    await admin.put(`/api/routes/${stranger.routeId}`, {
      name: stranger.model,
      targets: [{ connectionId: stranger.connectionId, modelId: stranger.modelId, weight: 1 }],
      allowedProjectIds: [stranger.projectId],
    });
    const deadline = performance.now() + 10_000;
    let refusal = { status: 200, code: "" };
    while (refusal.status === 200 && performance.now() < deadline) {
      const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: stranger.model, messages: message }),
      });
      const body = (await response.json()) as { error?: { code: string } };
      refusal = { status: response.status, code: body.error?.code ?? "" };
    }
    expect(refusal).toEqual({ status: 403, code: "route_not_allowed" });
  });

  it("refuses a revoked key within five seconds", async () => {
    const { virtualKey, token } = await admin.post<{ virtualKey: { id: string }; token: string }>("/api/virtual-keys", {
      projectId: tenant.projectId,
      name: "short-lived",
    });
    const status = async () =>
      (
        await fetch(`${stack.gatewayUrl}/v1/models`, {
          headers: { authorization: `Bearer ${token}`, connection: "close" },
        })
      ).status;
    await expect.poll(status, { timeout: 10_000, interval: 50 }).toBe(200);
    await admin.post(`/api/virtual-keys/${virtualKey.id}/revoke`);
    await expect.poll(status, { timeout: 5_000, interval: 50 }).toBe(401);
  });

  it("answers an unknown path in the client's format", async () => {
    const response = await fetch(`${stack.gatewayUrl}/v1/no-such-endpoint`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "endpoint_not_found" } });
  });
});

describe("the control plane", () => {
  const price = (usd: unknown) => ({
    providerKind: "openai-compatible",
    providerModel: `bad-${Math.random()}`,
    price: { lines: [{ meter: "input", usd, per: 1_000_000 }] },
  });
  const route = (weights: readonly unknown[]) => ({
    name: "bad-route",
    targets: weights.map((weight) => ({ connectionId: tenant.connectionId, modelId: tenant.modelId, weight })),
  });

  it.each<[string, string, () => unknown]>([
    ["a negative price", "/api/models", () => price("-1")],
    ["a price that is no number", "/api/models", () => price("NaN")],
    ["a price as a float", "/api/models", () => price(0.1)],
    ["a negative weight", "/api/routes", () => route([-1])],
    [
      "a weight that is no number",
      "/api/routes",
      () => `{"name":"bad-route","targets":[{"connectionId":"x","modelId":"y","weight":NaN}]}`,
    ],
    ["weights that sum to zero", "/api/routes", () => route([0])],
    ["a route without targets", "/api/routes", () => route([])],
    [
      "a negative budget",
      "/api/budgets",
      () => ({ name: "b", scope: { type: "project", id: tenant.projectId }, limitUsd: "-1", period: "day" }),
    ],
    [
      "a budget in a zone that does not exist",
      "/api/budgets",
      () => ({
        name: "b",
        scope: { type: "project", id: tenant.projectId },
        limitUsd: "1",
        period: "day",
        timeZone: "Mars/Olympus",
      }),
    ],
    ["an unknown field", "/api/teams", () => ({ name: "b", role: "owner" })],
  ])("refuses %s", async (_, path, body) => {
    const answer = await admin.call<{ error: { code: string; message: string } }>("POST", path, body());
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.error.code).toMatch(/^[a-z_]+$/);
    expect(answer.body.error.message).toBeTruthy();
  });

  it("refuses cyclic fallbacks and names the cycle", async () => {
    const target = { connectionId: tenant.connectionId, modelId: tenant.modelId, weight: 1 };
    const first = await admin.post<{ id: string }>("/api/routes", { name: "cycle-a", targets: [target] });
    const second = await admin.post<{ id: string }>("/api/routes", {
      name: "cycle-b",
      targets: [target],
      fallbackRouteIds: [first.id],
    });
    const answer = await admin.call<{ error: { code: string; problems: { message: string }[] } }>(
      "PUT",
      `/api/routes/${first.id}`,
      {
        name: "cycle-a",
        targets: [target],
        fallbackRouteIds: [second.id],
      },
    );
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe("invalid_policy");
    expect(JSON.stringify(answer.body.error.problems)).toMatch(/cycle-a.*cycle-b/);
  });
});

it("leaves every process up", async () => {
  expect(stack.processIds("gateway")).toEqual(processes);
  expect((await fetch(`${stack.gatewayUrl}/readyz`)).status).toBe(200);
  expect((await fetch(`${stack.adminUrl}/readyz`)).status).toBe(200);
});
