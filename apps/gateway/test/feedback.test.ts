import { createUuidV7 } from "@switchyard/secrets/random-id";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;

beforeEach(async () => {
  rig = await startGatewayAndProviders((urlOf) => [{ name: "chat", targets: [{ baseUrl: urlOf("good") }] }], {
    keys: [{ name: "key" }, { name: "colleague" }, { name: "stranger", projectId: "prj_2" }],
  });
});

afterEach(() => rig.close());

async function ask(): Promise<string> {
  const response = await rig.send("/v1/chat/completions", JSON.stringify({ model: "chat", messages: hello }));
  await response.text();
  return response.headers.get("x-request-id") ?? "";
}

async function say(fields: object, key = "colleague") {
  const headers = { authorization: `Bearer ${rig.policy.keys[key]}`, "content-type": "application/json" };
  const body = JSON.stringify(fields);
  const response = await fetch(`${rig.gateway.url}/v1/feedback`, { method: "POST", headers, body });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

it("keeps what any key of the project says of a call, and records no call of its own", async () => {
  const requestId = await ask();
  const text = { value: "ticket_resolved", comment: "Just what I needed." };
  const { status, body } = await say({ request_id: requestId, score: 0.25, tags: ["b", "a", "b"], ...text });
  expect(status).toBe(200);
  const said = { object: "feedback", request_id: requestId, score: 0.25, tags: ["a", "b"], verified: true, ...text };
  expect(body).toEqual(said);
  expect(rig.gateway.feedback).toMatchObject([{ requestId, scorePermille: 250, projectId: "prj_1", ...text }]);
  expect(rig.gateway.requests).toHaveLength(1);
});

it.each([
  ["up", 1_000],
  ["down", -1_000],
])("takes thumbs %s for %i", async (thumbs, scorePermille) => {
  expect((await say({ request_id: await ask(), thumbs })).status).toBe(200);
  expect(rig.gateway.feedback).toMatchObject([{ scorePermille, value: null, tags: [], comment: null }]);
});

it("knows no call of another project, none that was never made, and nothing that is no id", async () => {
  const id = await ask();
  const asked = [
    say({ request_id: id, score: 1 }, "stranger"),
    ...[createUuidV7(0), "x"].map((unknown) => say({ request_id: unknown, score: 1 })),
  ];
  for (const { status, body } of await Promise.all(asked)) {
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: "call_not_found", param: "request_id" } });
  }
  expect(rig.gateway.feedback).toEqual([]);
});

it.each([
  [{}, "request_id"],
  [{ request_id: "x" }, "score"],
  [{ request_id: "x", score: 1, rating: 5 }, "rating"],
  [{ request_id: "x", score: 1.01 }, "score"],
  [{ request_id: "x", score: "1" }, "score"],
  [{ request_id: "x", score: 1, thumbs: "up" }, "score"],
  [{ request_id: "x", thumbs: "sideways" }, "thumbs"],
  [{ request_id: "x", score: 1, comment: "c".repeat(2_001) }, "comment"],
  [{ request_id: "x", score: 1, value: "v".repeat(201) }, "value"],
  [{ request_id: "x", score: 1, tags: Array.from({ length: 11 }, String) }, "tags"],
  [{ request_id: "x", score: 1, tags: ["t".repeat(65)] }, "tags.0"],
])("refuses %j by its field", async (fields, param) => {
  const { status, body } = await say(fields);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: "invalid_request", param } });
});

it("keeps feedback unverified while the database is away, and says 503 only where it cannot be kept", async () => {
  const known = await ask();
  rig.gateway.ledger = null;
  expect((await say({ request_id: known, score: 1 })).body).toMatchObject({ verified: true });
  expect((await say({ request_id: createUuidV7(0), score: 1 })).body).toMatchObject({ verified: false });
  expect(rig.gateway.feedback).toHaveLength(2);
  rig.gateway.isJournalFull = true;
  const { status, headers, body } = await say({ request_id: known, score: 1 });
  expect([status, headers.get("retry-after")]).toEqual([503, "30"]);
  expect(body).toMatchObject({ error: { code: "feedback_unavailable" } });
});

it("wants a valid key", async () => {
  expect((await say({ request_id: "x", score: 1 }, "nobody")).status).toBe(401);
});
