import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OperatorError } from "../operator-error.ts";

const scope = "https://www.googleapis.com/auth/cloud-platform";
const lifetimeSeconds = 3_600;

/** A key file of Google's form that leads nowhere, and the server that exchanges it for bearers: for the simulator. */
export async function openSimulatedAccount(): Promise<{ readonly credential: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: "simulated-bearer", expires_in: lifetimeSeconds }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const credential = JSON.stringify({
    type: "service_account",
    client_email: "fidelity@simulator",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
  });
  return { credential, close: () => server.close().closeAllConnections() };
}

/**
 * What a direct call is authorised by: a key as it is, a service account's key file by the token it is exchanged for
 * (https://developers.google.com/identity/protocols/oauth2/service-account#httprest).
 * @throws OperatorError for credentials of any other form, and where no token is given
 */
export async function directCredential(credential: string): Promise<string> {
  if (!credential.trimStart().startsWith("{")) return credential;
  const account = JSON.parse(credential) as {
    [name in "type" | "client_email" | "private_key" | "token_uri"]?: string;
  };
  if (account.type !== "service_account" || account.private_key === undefined || account.token_uri === undefined) {
    throw new OperatorError("A direct call can be made with an API key or a service account; give one of them.");
  }
  const issuedSeconds = Math.floor(Date.now() / 1_000);
  const claims = { iss: account.client_email, scope, aud: account.token_uri, iat: issuedSeconds };
  const parts = [
    { alg: "RS256", typ: "JWT" },
    { ...claims, exp: issuedSeconds + lifetimeSeconds },
  ];
  const unsigned = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = createSign("RSA-SHA256").update(unsigned).sign(account.private_key, "base64url");
  const response = await fetch(account.token_uri, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: `${unsigned}.${signature}`,
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new OperatorError("The service account was given no token.");
  return token;
}
