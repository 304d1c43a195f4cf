import { generateKeyPairSync } from "node:crypto";
import { jwtVerify } from "jose";
import { expect, test } from "vitest";
import { signAssertion } from "./signed-assertion.ts";

test("an independent implementation accepts the assertion, and no other key's", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const now = Math.floor(Date.now() / 1_000);
  const token = signAssertion({ iss: "a@b", aud: "https://t/token", iat: now, exp: now + 3_600 }, pem, "k1");
  const { payload, protectedHeader } = await jwtVerify(token, publicKey, { audience: "https://t/token" });
  expect(payload).toMatchObject({ iss: "a@b" });
  expect(protectedHeader).toEqual({ alg: "RS256", typ: "JWT", kid: "k1" });
  await expect(jwtVerify(token, generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey)).rejects.toThrow(
    /signature/,
  );
});

test("what is no key is refused without being repeated", () => {
  expect(() => signAssertion({}, "-----BEGIN secret", null)).toThrow(/^the private key is not a key in PEM$/);
});
