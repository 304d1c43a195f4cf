/** A provider that knows a few answers by heart: a POST to `/<id>/…` is answered with the recording of that id. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Recording } from "./recording.ts";

export interface ReplayServer {
  /** The base URL of the connection that is answered with a recording. */
  urlOf(recording: Pick<Recording, "id">): string;
  /** The body of the latest request for a recording. */
  lastRequest(recording: Pick<Recording, "id">): string | undefined;
  close(): Promise<void>;
}

/** Not the length of anything, so that pieces end inside lines, events and characters. */
const pieceBytes = 61;

export async function startReplayServer(recordings: readonly Recording[]): Promise<ReplayServer> {
  const requests = new Map<string, string>();
  const server = createServer((request, response) => {
    const recording = recordings.find(({ id }) => request.url?.startsWith(`/${id}/`));
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      if (recording === undefined) return void response.writeHead(404).end();
      requests.set(recording.id, body);
      answer(response, recording);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    urlOf: ({ id }) => `${origin}/${id}/v1`,
    lastRequest: ({ id }) => requests.get(id),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, { status, headers, body }: Recording): void {
  response.writeHead(status, headers);
  for (let at = 0; at < body.length; at += pieceBytes) response.write(body.subarray(at, at + pieceBytes));
  response.end();
}
