import type { IncomingMessage, ServerResponse } from "node:http";
import fastify, { type FastifyReply, type FastifyRequest, type HTTPMethods } from "fastify";
import { GatewayError } from "../errors/gateway-error.ts";
import { answerUnknownEndpoint, answerUnserved, answerWrongMethod } from "./unserved-requests.ts";

export type DataPlaneHandler = (request: FastifyRequest, reply: FastifyReply) => void;

const otherMethods: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * What clients call. A Fastify of its own beside the one that Nest runs its controllers on, so that none of Nest's hooks
 * runs for these routes, and without parsers: bodies are read by the pipelines, once the caller is known.
 */
export class DataPlaneServer {
  readonly #fastify = fastify({
    logger: false,
    exposeHeadRoutes: false,
    frameworkErrors: (_error, _request, reply) => {
      answerUnserved(reply, new GatewayError("endpoint_not_found", "The address of this request cannot be read."));
    },
  });

  constructor() {
    this.#serve(otherMethods, "/*", answerUnknownEndpoint);
  }

  /** Serves one path with one method; every other method on it is answered with 405. To be called before `ready`. */
  route(method: "GET" | "POST", url: string, handler: DataPlaneHandler): void {
    this.#serve([method], url, handler);
    const others = otherMethods.filter((other) => other !== method);
    this.#serve(others, url, answerWrongMethod(method));
  }

  /** Serves every path below one, with all methods but OPTIONS. To be called before `ready`. */
  routeBelow(url: string, handler: DataPlaneHandler): void {
    this.#serve(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], `${url}/*`, handler);
  }

  async ready(): Promise<void> {
    await this.#fastify.ready();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#fastify.routing(request, response);
  }

  // Answered in the first hook of a request: what Fastify does after it concerns bodies and replies, which are not its to
  // touch here.
  #serve(methods: readonly HTTPMethods[], url: string, handler: DataPlaneHandler): void {
    const onRequest = (request: FastifyRequest, reply: FastifyReply): void => handler(request, reply);
    this.#fastify.route({ method: [...methods], url, onRequest, handler: neverReached });
  }
}

function neverReached(): never {
  throw new Error("a request passed its first hook");
}
