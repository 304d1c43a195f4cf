import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { scramVerifier } from "./scram-verifier.ts";

// The exchange of RFC 7677, section 3: password "pencil", with the proof and signature that both sides computed there.
const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
const authMessage =
  "n=user,r=rOprNGfwEbeRWgbNEkqO," +
  "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096," +
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const clientProof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
const serverSignature = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

test("accepts the client proof and makes the server signature of RFC 7677", () => {
  const [scheme, saltPart, keys] = scramVerifier("pencil", salt, 4096).split("$");
  expect([scheme, saltPart]).toEqual(["SCRAM-SHA-256", "4096:W22ZaJ0SNY7soEsUEjb6gQ=="]);
  const [storedKey, serverKey] = keys!.split(":").map((key) => Buffer.from(key, "base64"));

  const clientSignature = createHmac("sha256", storedKey!).update(authMessage).digest();
  const clientKey = clientProof.map((byte, index) => byte ^ clientSignature[index]!);
  expect(createHash("sha256").update(clientKey).digest()).toEqual(storedKey);
  expect(createHmac("sha256", serverKey!).update(authMessage).digest("base64")).toBe(serverSignature);
});

test("salts every verifier anew", () => {
  expect(scramVerifier("pencil")).not.toBe(scramVerifier("pencil"));
});
