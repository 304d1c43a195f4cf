import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeBody } from "@switchyard/fidelity/decode-body";
import type { Answer, SentRequest } from "@switchyard/fidelity/exchange";

/** A call as it went by. */
export interface RecordedCall {
  readonly received: SentRequest;
  readonly provided: Answer;
}

/**
 * Stands between a client and a provider, passes every byte on, and remembers what went by. The first part of the path says
 * whose call it is and goes no further; then comes the path of the base URL, since that may say which surface it is.
 */
export class RecordingForwarder {
  readonly #server: Server;
  readonly #target: string;
  readonly #basePath: string;
  readonly #calls = new Map<string, RecordedCall[]>();

  private constructor(target: string) {
    this.#target = target;
    this.#basePath = new URL(target).pathname.replace(/\/+$/, "");
    this.#server = createServer((request, response) => {
      this.#forward(request, response).catch(() => response.destroy());
    });
  }

  /** Listens on a free port of 127.0.0.1 in front of a base URL without trailing slash. */
  static async open(target: string): Promise<RecordingForwarder> {
    const forwarder = new RecordingForwarder(target);
    await new Promise<void>((resolve) => forwarder.#server.listen(0, "127.0.0.1", resolve));
    return forwarder;
  }

  /** The provider's base URL for one who calls by way of this forwarder. */
  urlFor(caller: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${caller}${this.#basePath}`;
  }

  /** What has gone by for a caller since this was asked last, the oldest first. */
  take(caller: string): RecordedCall[] {
    const calls = this.#calls.get(caller) ?? [];
    this.#calls.delete(caller);
    return calls;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBytes(request);
    const [, caller = "", asked = "/"] = /^\/([^/]+)(.*)$/.exec(request.url ?? "") ?? [];
    const path = asked.startsWith(this.#basePath) ? asked.slice(this.#basePath.length) : asked;
    const answer = await fetch(this.#target + path, {
      method: request.method ?? "POST",
      headers: passedHeaders(request),
      body,
      redirect: "manual",
    });
    const contentType = answer.headers.get("content-type") ?? "";
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !hopByHop.has(name)));
    response.writeHead(answer.status, headers);
    const pieces: Uint8Array[] = [];
    for await (const piece of answer.body ?? []) {
      pieces.push(piece);
      response.write(piece);
    }
    const received = { path, headers: textHeaders(request), body: body.toString("utf8") };
    const provided = { status: answer.status, contentType, body: decodeBody(contentType, Buffer.concat(pieces)) };
    // Remembered before the caller can know that its answer is whole.
    this.#calls.set(caller, [...(this.#calls.get(caller) ?? []), { received, provided }]);
    response.end();
  }
}

/** Headers of one connection, not of the message; `fetch` writes its own. */
const hopByHop = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function passedHeaders(request: IncomingMessage): Record<string, string> {
  const passed = Object.entries(textHeaders(request)).filter(([name]) => !hopByHop.has(name));
  return { ...Object.fromEntries(passed), "accept-encoding": "identity" };
}

function textHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
