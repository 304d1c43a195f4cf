import fc from "fast-check";
import { expect, test } from "vitest";
import { readProviderCredential } from "./provider-credential.ts";

const aws = { type: "aws_keys", region: "eu-central-1", access_key_id: "AKIA", secret_access_key: "s" };
const azure = { type: "azure_client", tenant_id: "t", client_id: "c", client_secret: "s" };
const google = { type: "service_account", client_email: "a@b", private_key: "PEM" };

test.each<[unknown, object]>([
  ["sk-plain", { type: "api_key", key: "sk-plain" }],
  [aws, { type: "aws_keys", role: null, sessionToken: null }],
  [
    { ...aws, role_arn: "arn:r", external_id: "x" },
    { role: { arn: "arn:r", externalId: "x", tokenUrl: "https://sts.eu-central-1.amazonaws.com/" } },
  ],
  [azure, { type: "azure_client", tokenUrl: "https://login.microsoftonline.com/t/oauth2/v2.0/token" }],
  [google, { type: "service_account", privateKeyId: null, tokenUrl: "https://oauth2.googleapis.com/token" }],
])("%j is understood", (written, expected) => {
  expect(readProviderCredential(typeof written === "string" ? written : JSON.stringify(written))).toMatchObject(
    expected,
  );
});

test.each([
  "{",
  "{}",
  { ...aws, region: "eu.evil.example/" },
  { ...aws, secret_access_key: "" },
  { ...azure, client_secret: 7 },
  { ...azure, token_url: "http://evil.example/" },
  { ...google, token_uri: "http://169.254.169.254/" },
])("%j is refused", (written) => {
  expect(readProviderCredential(typeof written === "string" ? written : JSON.stringify(written))).toBeNull();
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readProviderCredential(text)?.type ?? "none").not.toBe("");
    }),
  );
});
