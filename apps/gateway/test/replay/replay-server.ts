/** A provider that knows a few answers by heart: a POST to `/<id>/…` is answered with the recording of that id. */
import { generateKeyPairSync } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Recording } from "./recording.ts";

export interface ReplayServer {
  /** The base URL of the connection that is answered with a recording. */
  urlOf(recording: Pick<Recording, "id">): string;
  /** What a connection of the kind holds: a key, or for clouds what short-lived credentials are issued for, here as well. */
  credentialOf(kind: string): string;
  /** The body of the latest request for a recording. */
  lastRequest(recording: Pick<Recording, "id">): string | undefined;
  close(): Promise<void>;
}

const awsKeys = {
  type: "aws_keys",
  region: "eu-central-1",
  access_key_id: "AKIA1",
  secret_access_key: "wJalrXUtnFEMI",
};
/** What the provider counts a prompt to be, in protocols that have a way to ask. */
const countedTokens = 14;
/** Not the length of anything, so that pieces end inside lines, events and characters. */
const pieceBytes = 61;

export async function startReplayServer(recordings: readonly Recording[]): Promise<ReplayServer> {
  const requests = new Map<string, string>();
  const byId = new Map(recordings.map((recording) => [recording.id, recording]));
  const server = createServer((request, response) => {
    const { url = "" } = request;
    const recording = byId.get(url.slice(1, url.indexOf("/v1/")));
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      if (url === "/token") return sendJson(response, { access_token: "short-lived", expires_in: 3_600 });
      if (url.endsWith("/count_tokens")) return sendJson(response, { input_tokens: countedTokens });
      if (recording === undefined) return void response.writeHead(404).end();
      requests.set(recording.id, body);
      answer(response, recording);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serviceAccount = {
    type: "service_account",
    client_email: "a@b",
    private_key: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }),
    token_uri: `${origin}/token`,
  };
  const credentials: { readonly [kind: string]: object } = { "google-vertex": serviceAccount, "aws-bedrock": awsKeys };
  return {
    credentialOf: (kind) => (credentials[kind] === undefined ? "k" : JSON.stringify(credentials[kind])),
    urlOf: ({ id }) => `${origin}/${id}/v1`,
    lastRequest: ({ id }) => requests.get(id),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function answer(response: ServerResponse, { status, headers, body }: Recording): void {
  response.writeHead(status, headers);
  for (let at = 0; at < body.length; at += pieceBytes) response.write(body.subarray(at, at + pieceBytes));
  response.end();
}
