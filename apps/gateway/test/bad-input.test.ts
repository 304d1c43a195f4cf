import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

let rig: GatewayAndProviders;
const bodyLimitBytes = 256 * 1024;

beforeAll(async () => {
  rig = await startGatewayAndProviders(
    (urlOf) => [
      { name: "chat", targets: [{ baseUrl: urlOf("any") }] },
      { name: "of-another", targets: [{ baseUrl: urlOf("any") }], allowedProjectIds: ["prj_2"] },
      { name: "not-for-narrow", targets: [{ baseUrl: urlOf("any") }] },
    ],
    {
      bodyLimitBytes,
      keys: [
        { name: "key" },
        { name: "expired", notAfterMs: 1 },
        { name: "narrow", allowedRoutes: ["chat"] },
        { name: "other", projectId: "prj_2" },
      ],
    },
  );
});

afterAll(() => rig.close());

const chat = (fields: object): string => JSON.stringify({ model: "chat", messages: hello, ...fields });

async function codeOf(response: Response): Promise<[number, unknown]> {
  const body = (await response.json()) as { error: { code: unknown } };
  return [response.status, body.error.code];
}

describe("bodies", () => {
  const nested = `{"model":"chat","messages":${"[".repeat(5_000)}${"]".repeat(5_000)}}`;
  const manyKeys = chat({ metadata: Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`k${n}`, 1])) });

  it.each([
    ["nothing", "", 400, "invalid_json"],
    ["malformed JSON", '{"model":', 400, "invalid_json"],
    ["two values", `${chat({})}{}`, 400, "invalid_json"],
    ["an array", "[]", 400, "invalid_request"],
    ["a number", "1", 400, "invalid_request"],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, "invalid_json"],
    ["a depth bomb", nested, 400, "json_too_deep"],
    ["a depth bomb that never closes", "[".repeat(60_000), 400, "json_too_deep"],
    ["too many keys", manyKeys, 400, "json_too_deep"],
    ["the same key twice", '{"model":"chat","model":"other","messages":[]}', 400, "invalid_json"],
    ["no model", JSON.stringify({ messages: hello }), 400, "invalid_request"],
    ["a model that is a number", chat({ model: 7 }), 400, "invalid_request"],
    ["no messages", JSON.stringify({ model: "chat" }), 400, "invalid_request"],
    ["messages that are text", chat({ messages: "hi" }), 400, "invalid_request"],
    ["a stream that is text", chat({ stream: "yes" }), 400, "invalid_request"],
    ["an n of zero", chat({ n: 0 }), 400, "invalid_request"],
    ["a negative cap", chat({ max_tokens: -1 }), 400, "invalid_request"],
    ["a model that is no route", chat({ model: "nope" }), 404, "model_not_found"],
    ["a route of another project", chat({ model: "of-another" }), 403, "route_not_allowed"],
  ])("%s", async (_, body, status, code) => {
    expect(await codeOf(await rig.send("/v1/chat/completions", body))).toEqual([status, code]);
  });

  it("one byte over the limit is too large, the limit itself is not", async () => {
    const padding = bodyLimitBytes - Buffer.byteLength(chat({ user: "" }));
    const atLimit = await rig.send("/v1/chat/completions", chat({ user: "u".repeat(padding) }));
    expect(atLimit.status).toBe(200);
    await atLimit.arrayBuffer();
    const above = await rig.send("/v1/chat/completions", chat({ user: "u".repeat(padding + 1) }));
    expect(await codeOf(above)).toEqual([413, "body_too_large"]);
  });

  it("a body without a length is cut off at the limit", async () => {
    const answer = await sendChunked(Buffer.alloc(bodyLimitBytes * 4, 0x20));
    expect([answer.status, answer.code]).toEqual([413, "body_too_large"]);
  });

  it("says which field is wrong", async () => {
    const response = await rig.send("/v1/chat/completions", chat({ model: "" }));
    expect(await response.json()).toMatchObject({ error: { param: "model", type: "invalid_request_error" } });
  });

  it.each([
    ["text/plain", {}],
    ["application/jsonp", {}],
    ["application/json; charset=latin1", {}],
    ["multipart/form-data", {}],
    ["application/json", { "content-encoding": "gzip" }],
  ])("%s %o is not supported", async (contentType, headers) => {
    const response = await rig.send("/v1/chat/completions", chat({}), { "content-type": contentType, ...headers });
    expect(await codeOf(response)).toEqual([415, "unsupported_media_type"]);
  });
});

describe("keys", () => {
  const wrongSecret = (key: string): string => `${key.slice(0, 25)}${key[25] === "a" ? "b" : "a"}${key.slice(26)}`;

  it.each([
    ["none", () => ""],
    ["nonsense", () => "Bearer nonsense"],
    ["another scheme", () => `Basic ${rig.policy.keys["key"]}`],
    ["a wrong secret", () => `Bearer ${wrongSecret(rig.policy.keys["key"] ?? "")}`],
    ["an expired key", () => `Bearer ${rig.policy.keys["expired"]}`],
  ])("%s is 401", async (_, authorization) => {
    const response = await rig.send("/v1/chat/completions", chat({}), { authorization: authorization() });
    expect(await codeOf(response)).toEqual([401, "invalid_api_key"]);
    expect(response.headers.get("x-should-retry")).toBe("false");
  });

  it("a key of another route is 403", async () => {
    const headers = { authorization: `Bearer ${rig.policy.keys["narrow"]}` };
    const response = await rig.send("/v1/chat/completions", chat({ model: "not-for-narrow" }), headers);
    expect(await codeOf(response)).toEqual([403, "route_not_allowed"]);
    const models = await rig.clientFor("narrow").models.list();
    expect(models.data.map(({ id }) => id)).toEqual(["chat"]);
  });

  it.each(["x-api-key", "api-key"])("takes a key from %s", async (header) => {
    const headers = { [header]: rig.policy.keys["other"] ?? "" };
    const response = await fetch(`${rig.gateway.url}/v1/models`, { headers });
    expect(response.status).toBe(200);
  });

  it("refuses two Authorization headers", async () => {
    const key = `Bearer ${rig.policy.keys["key"]}`;
    const status = await rawStatus(
      `GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: ${key}\r\nauthorization: ${key}\r\n\r\n`,
    );
    expect(status).toBe(400);
  });
});

describe("headers that attribute a call", () => {
  it("are recorded", async () => {
    const before = rig.gateway.requests.length;
    const headers = {
      "x-switchyard-user": "u 1",
      "x-switchyard-session": "s",
      "x-switchyard-tags": "env=prod, feature=search",
    };
    const response = await rig.send("/v1/chat/completions", chat({}), headers);
    await response.arrayBuffer();
    expect(rig.gateway.requests[before]?.attribution).toMatchObject({
      user: "u 1",
      session: "s",
      tags: ["env=prod", "feature=search"],
    });
  });

  it.each([
    ["x-switchyard-user", "u".repeat(201)],
    ["x-switchyard-session", "é"],
    ["x-switchyard-tags", "novalue"],
    ["x-switchyard-tags", "a=1,a=2"],
    ["x-switchyard-tags", Array.from({ length: 11 }, (_, n) => `t${n}=1`).join(",")],
    ["x-switchyard-tags", "=x"],
  ])("%s: %s is refused", async (name, value) => {
    const response = await rig.send("/v1/chat/completions", chat({}), { [name]: value });
    expect(await codeOf(response)).toEqual([400, "invalid_header"]);
  });
});

describe("addresses", () => {
  it.each([
    ["GET", "/v1/chat/completions", 405, "method_not_allowed"],
    ["DELETE", "/v1/models", 405, "method_not_allowed"],
    ["GET", "/v1/nothing", 404, "endpoint_not_found"],
    ["POST", "/api/teams", 404, "endpoint_not_found"],
    ["GET", "/v1/models/%E0%A4%A", 404, "endpoint_not_found"],
  ])("%s %s", async (method, path, status, code) => {
    const response = await fetch(`${rig.gateway.url}${path}`, { method });
    expect(await codeOf(response)).toEqual([status, code]);
    expect(response.headers.get("x-request-id")).toBeTruthy();
  });

  it("answers broken HTTP and goes on", async () => {
    expect(await rawStatus("GARBAGE\r\n\r\n")).toBe(400);
    expect(await rawStatus(`GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Big: ${"a".repeat(20_000)}\r\n\r\n`)).toBe(431);
    expect((await rig.client.models.list()).data.length).toBeGreaterThan(0);
  });
});

describe("limits of the process", () => {
  it("refuses more calls than it may have, as our trouble", async () => {
    const full = await startGatewayAndProviders((urlOf) => [{ name: "chat", targets: [{ baseUrl: urlOf("slow") }] }], {
      mostCalls: 1,
    });
    try {
      full.simulator.behaviours.set("slow", "*", { latencyMs: 300 });
      const first = full.send("/v1/chat/completions", chat({}));
      while (full.gateway.inFlight.count === 0) await new Promise(setImmediate);
      const second = await full.send("/v1/chat/completions", chat({}));
      expect(await codeOf(second)).toEqual([503, "overloaded"]);
      expect(second.headers.get("retry-after")).toBe("1");
      expect((await first).status).toBe(200);
    } finally {
      await full.close();
    }
  });
});

async function sendChunked(body: Buffer): Promise<{ status: number; code: unknown }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${rig.gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${rig.policy.keys["key"]}`,
        "content-type": "application/json",
        "transfer-encoding": "chunked",
      },
    });
    request.on("response", (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).error.code }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function rawStatus(bytes: string): Promise<number> {
  const { port } = new URL(rig.gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes));
    socket.once("data", (data) => {
      resolve(Number(data.toString().split(" ")[1]));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
