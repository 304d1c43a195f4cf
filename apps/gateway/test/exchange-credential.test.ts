/** Exchanges with token endpoints that answer as the clouds' documentation shows. */
import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  exchangeCredential,
  ExchangeRefusedError,
  type LongLivedCredential,
} from "../src/upstream/credentials/exchange-credential.ts";
import { TokenEndpoint } from "../src/upstream/credentials/token-endpoint.ts";

const nowMs = Date.parse("2026-11-28T09:00:00Z");
let server: Server;
let endpoint: TokenEndpoint;
let url: string;
let reply: { status: number; body: string };
let received: { form: URLSearchParams; authorization: string | undefined }[];

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      received.push({ form, authorization: request.headers.authorization });
      response.writeHead(reply.status).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  endpoint = new TokenEndpoint(createAddressPolicy({ allowLoopback: true, allowedRanges: [] }));
});

afterEach(async () => {
  await endpoint.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const exchange = (credential: LongLivedCredential) => exchangeCredential(credential, endpoint, nowMs);
const azure = (): LongLivedCredential => ({ type: "azure_client", clientId: "c", clientSecret: "s", tokenUrl: url });

test("a Google service account sends a signed assertion for a token", async () => {
  reply = { status: 200, body: '{"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}' };
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const account = { clientEmail: "a@b", privateKey: pem, privateKeyId: "k", tokenUrl: url };
  const issued = await exchange({ type: "service_account", ...account });
  expect(issued).toEqual({ secret: { type: "bearer", token: "ya29.x" }, expiresAtMs: nowMs + 3_599_000 });
  const [, claims] = received[0]?.form.get("assertion")?.split(".") ?? [];
  expect(JSON.parse(Buffer.from(claims ?? "", "base64url").toString())).toMatchObject({ iss: "a@b", aud: url });
});

test("an Azure client sends its secret for a token", async () => {
  reply = { status: 200, body: '{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ"}' };
  expect(await exchange(azure())).toMatchObject({ secret: { token: "eyJ" } });
  expect(Object.fromEntries(received[0]?.form ?? [])).toEqual({
    grant_type: "client_credentials",
    client_id: "c",
    client_secret: "s",
    scope: "https://cognitiveservices.azure.com/.default",
  });
});

const keys = {
  type: "aws_keys",
  region: "eu-central-1",
  accessKeyId: "AKIA",
  secretAccessKey: "s",
  sessionToken: null,
} as const;

test("AWS keys take on a role, or are used as they are", async () => {
  reply = {
    status: 200,
    body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s/2+</SecretAccessKey><SessionToken>t==</SessionToken>
      <Expiration>2026-11-28T10:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  };
  const role = { arn: "arn:aws:iam::1:role/r", externalId: "x", tokenUrl: url };
  expect(await exchange({ ...keys, role })).toEqual({
    secret: {
      type: "aws_key",
      region: "eu-central-1",
      key: { accessKeyId: "ASIA1", secretAccessKey: "s/2+", sessionToken: "t==" },
    },
    expiresAtMs: nowMs + 3_600_000,
  });
  expect(received[0]?.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIA\/20261128\/eu-central-1\/sts\//);
  expect(received[0]?.form.get("ExternalId")).toBe("x");
  expect(await exchange({ ...keys, role: null })).toMatchObject({ expiresAtMs: Infinity });
  expect(received).toHaveLength(1);
});

test.each([
  [400, '{"error":"invalid_client","error_description":"s is wrong"}'],
  [200, '{"access_token":"","expires_in":3599}'],
  [200, '{"access_token":"x"}'],
  [200, "<html>"],
  [302, ""],
])("an answer of %i with %s is no credential, and is not repeated", async (status, body) => {
  reply = { status, body };
  const error: unknown = await exchange(azure()).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ExchangeRefusedError);
  expect(String(error)).not.toMatch(/wrong|invalid_client/);
});

test("an address that policy refuses is not asked", async () => {
  const guarded = new TokenEndpoint(createAddressPolicy({ allowLoopback: false, allowedRanges: [] }));
  await expect(exchangeCredential(azure(), guarded, nowMs)).rejects.toThrow(/does not allow/);
  expect(received).toHaveLength(0);
  await guarded.close();
});
