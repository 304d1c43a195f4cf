import { createPrivateKey, sign } from "node:crypto";

/**
 * A JSON Web Token by which the owner of an RSA key says who it is (RFC 7523), signed with RS256. Throws TypeError for
 * what is not a private key in PEM; the message does not repeat it.
 */
export function signAssertion(
  claims: Readonly<Record<string, string | number>>,
  privateKeyPem: string,
  keyId: string | null,
): string {
  const header = { alg: "RS256", typ: "JWT", ...(keyId === null ? {} : { kid: keyId }) };
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), readKey(privateKeyPem)).toString("base64url")}`;
}

function readKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new TypeError("the private key is not a key in PEM");
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
