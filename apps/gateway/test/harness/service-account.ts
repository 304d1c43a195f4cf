import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A key file of Google's form, and the server that exchanges it for bearers. */
export async function startServiceAccount(): Promise<{ readonly credential: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: "short-lived", expires_in: 3_600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const credential = JSON.stringify({
    type: "service_account",
    client_email: "gateway@project",
    private_key: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }),
    token_uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
  });
  return {
    credential,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
