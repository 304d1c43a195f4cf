/** Clouds that take short-lived credentials only: tokens are asked for once, requests are signed, trouble is 503. */
import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { APIError } from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hello, startGatewayAndProviders, type GatewayAndProviders } from "./harness/gateway-and-providers.ts";

const secret = "wJalrXUtnFEMI";
const gemini = {
  candidates: [{ content: { role: "model", parts: [{ text: "Quiet." }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 6, totalTokenCount: 26 },
};
const converse = {
  output: { message: { role: "assistant", content: [{ text: "Quiet." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 20, outputTokens: 6, totalTokens: 26 },
};

let server: Server;
let rig: GatewayAndProviders;
let received: { path: string; headers: IncomingHttpHeaders }[];
let tokenStatus: number;

beforeEach(async () => {
  received = [];
  tokenStatus = 200;
  server = createServer((request, response) => {
    const { url: path = "", headers } = request;
    received.push({ path, headers });
    const isToken = path === "/token";
    const answer = isToken
      ? { access_token: "short-lived", expires_in: 3_600 }
      : path.includes("/converse")
        ? converse
        : gemini;
    request.resume().on("end", () => response.writeHead(isToken ? tokenStatus : 200).end(JSON.stringify(answer)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const account = {
    type: "service_account",
    client_email: "a@b",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `${origin}/token`,
  };
  const keys = { type: "aws_keys", region: "eu-central-1", access_key_id: "AKIA1", secret_access_key: secret };
  const target = (kind: string, credential: object) => ({
    kind,
    providerModel: "m",
    credential: JSON.stringify(credential),
    baseUrl: origin,
  });
  rig = await startGatewayAndProviders(() => [
    { name: "vertex", targets: [target("google-vertex", account)] },
    { name: "bedrock", targets: [target("aws-bedrock", keys)] },
    { name: "mixed-up", targets: [target("google-vertex", keys)] },
  ]);
});

afterEach(async () => {
  await rig.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = (model: string) => rig.client.chat.completions.create({ model, messages: hello });

it("exchanges a service account for a token once, and sends that", async () => {
  const answers = await Promise.all([ask("vertex"), ask("vertex")]);
  answers.push(await ask("vertex"));
  expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(["Quiet.", "Quiet.", "Quiet."]);
  expect(received.filter(({ path }) => path === "/token")).toHaveLength(1);
  const calls = received.filter(({ path }) => path !== "/token");
  expect(calls.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill("Bearer short-lived"));
});

it("signs a request with keys, which it does not send", async () => {
  expect((await ask("bedrock")).choices[0]?.message.content).toBe("Quiet.");
  const [call] = received;
  expect(call?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIA1\/\d{8}\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
  expect(JSON.stringify(received)).not.toContain(secret);
});

it.each(["vertex", "mixed-up"])("calls it trouble of its own when %s has no credential to send", async (route) => {
  tokenStatus = 400;
  const error: unknown = await ask(route).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ status: 503, code: "provider_credential_rejected" });
  expect(received.filter(({ path }) => path !== "/token")).toEqual([]);
});
