import { hash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { BehaviourStore } from "../behaviour/behaviour-store.ts";
import { openAiFormat } from "../formats/openai/openai-format.ts";
import { wireFormats } from "../formats/registry.ts";
import type { ProviderError, WireFormat } from "../formats/wire-format.ts";
import { readBody } from "../http/read-body.ts";
import { Dice } from "../text/dice.ts";
import { wordsOfDigest } from "../text/seed-words.ts";
import type { CallServer } from "./call-server.ts";
import type { Exchange } from "./exchange.ts";
import { listModels } from "./list-models.ts";
import { type ModelsRoute, ProviderRouter, type Route } from "./provider-router.ts";
import type { ReceivedRequests } from "./received-requests.ts";

const MOST_BODY_BYTES = 32 << 20;
const ATTEMPT_ID_HEADER = "x-switchyard-attempt-id";
const LONGEST_ATTEMPT_ID = 200;

export interface ProviderServerOptions {
  readonly calls: CallServer;
  readonly behaviours: BehaviourStore;
  readonly requests: ReceivedRequests;
  /** When set, requests must carry this key. */
  readonly apiKey: string | undefined;
}

/** The front of the simulated providers: receives requests, finds out whom they are for, and checks the key. */
export class ProviderServer {
  readonly #options: ProviderServerOptions;
  readonly #router = new ProviderRouter(wireFormats);

  constructor(options: ProviderServerOptions) {
    this.#options = options;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const receivedAtMs = Date.now();
    const startedMs = performance.now();
    readBody(request, MOST_BODY_BYTES, (body) => {
      const exchange = this.#receive(request, response, receivedAtMs, startedMs, body ?? Buffer.alloc(0));
      const route = this.#router.find(request.url ?? "");
      if (route === undefined) {
        send(exchange, openAiFormat, 404, openAiFormat.encodeError({ status: 404, code: "unknown_url" }, NO_SUBJECT));
        return;
      }
      if (request.method !== route.method) {
        const error = { status: 405, code: "method_not_allowed", message: `Use ${route.method} for this URL.` };
        send(exchange, route.format, 405, route.format.encodeError(error, NO_SUBJECT));
        return;
      }
      if (body === undefined) response.shouldKeepAlive = false;
      const objection = body === undefined ? { status: 413 } : this.#objectionTo(exchange, route);
      if (route.kind === "call") this.#options.calls.serve(exchange, route, objection);
      else this.#serveModels(exchange, route, objection);
    });
  }

  #receive(
    request: IncomingMessage,
    response: ServerResponse,
    receivedAtMs: number,
    startedMs: number,
    body: Buffer,
  ): Exchange {
    const { method = "", url = "", rawHeaders } = request;
    const bodySha256 = hash("sha256", body, "hex");
    const header = request.headers[ATTEMPT_ID_HEADER];
    const attemptId = typeof header === "string" ? header.slice(0, LONGEST_ATTEMPT_ID) : null;
    const number = this.#options.requests.add({ receivedAtMs, method, url, rawHeaders, attemptId, body, bodySha256 });
    const id = new Dice(wordsOfDigest(bodySha256), number).nextHex();
    return { request, response, receivedAtMs, startedMs, attemptId, body, bodySha256, id };
  }

  #objectionTo({ request }: Exchange, { format }: Route): ProviderError | undefined {
    const { apiKey } = this.#options;
    if (apiKey !== undefined && format.apiKeyOf(request.headers) !== apiKey) return { status: 401 };
    return format.objectionTo?.({ url: request.url ?? "", headers: request.headers });
  }

  #serveModels(
    exchange: Exchange,
    { format, provider, modelList }: ModelsRoute,
    objection: ProviderError | undefined,
  ): void {
    if (objection !== undefined) send(exchange, format, objection.status, format.encodeError(objection, NO_SUBJECT));
    else send(exchange, format, 200, modelList.encode(listModels(provider, this.#options.behaviours)));
  }
}

const NO_SUBJECT = { model: "", inputTokens: 0 };

/** Answers what no provider bills. */
function send({ response, id, startedMs }: Exchange, format: WireFormat, status: number, body: string): void {
  const facts = { requestId: id, status, inputTokens: 0, processingMs: performance.now() - startedMs };
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, [
    "content-type",
    "application/json",
    "content-length",
    length,
    ...format.responseHeaders(facts),
  ]);
  response.end(body);
}
