import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { type AwsAccessKey, signAwsRequest } from "./aws-signature.ts";

type SourceData = string | ArrayBuffer | ArrayBufferView;

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** What the other implementation hashes with. */
class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    // Nobody asks for it.
  }
}

const now = new Date("2026-11-28T09:10:11.123Z");
const longTerm = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCY", sessionToken: null };

test.each<[string, string, string, AwsAccessKey]>([
  ["POST", "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", '{"messages":[]}', longTerm],
  [
    "POST",
    "/model/arn%3Aaws%3Abedrock%3Ax%3Aprofile%2Fy(1)/converse-stream",
    "港",
    { ...longTerm, sessionToken: "s+/=" },
  ],
  ["GET", "/", "", longTerm],
])("%s %s is signed as AWS's own client signs it", async (method, path, text, key) => {
  const body = Buffer.from(text);
  const host = "bedrock-runtime.eu-central-1.amazonaws.com";
  const { sessionToken, ...ids } = key;
  const theirs = new SignatureV4({
    service: "bedrock",
    region: "eu-central-1",
    credentials: { ...ids, ...(sessionToken === null ? {} : { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const request = { method, protocol: "https:", hostname: host, path, headers: { host }, body };
  const expected = await theirs.sign(request, { signingDate: now });
  const { host: _host, ...headers } = expected.headers;
  const signed = signAwsRequest({ method, host, path, body, region: "eu-central-1", service: "bedrock" }, key, now);
  expect(signed).toEqual(headers);
});
