import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../http/read-body.ts";
import { ControlError, type ControlReply, type ControlRoute } from "./control-route.ts";

/** Where the control API lives, on the data port and on its own. */
export const CONTROL_PREFIX = "/_simulator/";

const MOST_BODY_BYTES = 4 << 20;

/** Serves the control API: plain JSON, one small table of routes. */
export class ControlServer {
  readonly #routes: readonly ControlRoute[];

  constructor(routes: readonly ControlRoute[]) {
    this.#routes = routes;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    readBody(request, MOST_BODY_BYTES, (body) => {
      void this.#reply(request, body).then(({ status, body: reply }) => {
        const text = reply === undefined ? "" : JSON.stringify(reply);
        response
          .writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) })
          .end(text);
      });
    });
  }

  async #reply(request: IncomingMessage, body: Buffer | undefined): Promise<ControlReply> {
    try {
      if (body === undefined) throw new ControlError(413, `The body is larger than ${MOST_BODY_BYTES} bytes.`);
      return await this.#run(request, body);
    } catch (error) {
      if (error instanceof ControlError)
        return { status: error.status, body: { error: { message: error.message, issues: error.issues } } };
      return {
        status: 500,
        body: { error: { message: error instanceof Error ? error.message : String(error), issues: [] } },
      };
    }
  }

  async #run({ method = "", url = "" }: IncomingMessage, body: Buffer): Promise<ControlReply> {
    const { pathname, searchParams } = new URL(url, "http://simulator");
    const path = pathname.startsWith(CONTROL_PREFIX) ? pathname.slice(CONTROL_PREFIX.length) : "";
    const candidates = this.#routes.filter(({ pattern }) => pattern.test(path));
    const route = candidates.find((candidate) => candidate.method === method);
    if (route === undefined) {
      const allowed = candidates.map((candidate) => candidate.method).join(", ");
      throw allowed === ""
        ? new ControlError(404, `There is nothing at ${pathname}.`)
        : new ControlError(405, `Use ${allowed} here.`);
    }
    const [, ...parts] = route.pattern.exec(path) ?? [];
    return route.run({ path: parts.map(decode), query: Object.fromEntries(searchParams), body: parseBody(body) });
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ControlError(400, `"${part}" is not percent-encoded UTF-8.`);
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ControlError(400, "The body is not JSON.");
  }
}
