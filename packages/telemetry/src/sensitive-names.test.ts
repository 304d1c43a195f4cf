import { describe, expect, it } from "vitest";
import { sensitivityOf } from "./sensitive-names.ts";

describe("sensitivityOf", () => {
  it.each([
    "authorization",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "Set-Cookie",
    "x-api-key",
    "X_API_KEY",
    "apiKey",
    "openaiApiKey",
    "password",
    "passwordHash",
    "db_password",
    "passphrase",
    "secret",
    "clientSecret",
    "secretParams",
    "AWS_SECRET_ACCESS_KEY",
    "privateKey",
    "SWITCHYARD_MASTER_KEY",
    "credential",
    "credentials",
    "pepper",
    "databaseUrl",
    "DATABASE_URL",
    "connectionString",
    "auth",
    "pwd",
    "apikeyid",
  ])("takes any value of %s for a secret", (name) => {
    expect(sensitivityOf(name)).toBe("secret");
  });

  it.each(["token", "accessToken", "refresh_token", "session-token", "adminToken", "tokenValue", "key"])(
    "takes text under %s for a secret, and lets numbers pass",
    (name) => {
      expect(sensitivityOf(name)).toBe("secret-text");
    },
  );

  it.each([
    "inputTokens",
    "max_tokens",
    "tokens",
    "tokenizer",
    "tokenCount",
    "token_limit",
    "timeToFirstTokenMs",
    "virtualKeyId",
    "credentialId",
    "credential_hint",
    "apiKeyName",
    "secretVersion",
    "message",
    "model",
    "keyspace",
    "monkey",
    "author",
    "",
  ])("takes %s for plain", (name) => {
    expect(sensitivityOf(name)).toBe("plain");
  });
});
