import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { answerUnknownEndpoint, answerWrongMethod } from "./unserved-requests.ts";

export type DataPlaneHandler = (request: FastifyRequest, reply: FastifyReply) => void;

const otherMethods: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * The part of the Fastify server that clients call: a context of its own, opened before Nest adds its hooks to the
 * server, so that none of them runs for these routes.
 */
export class DataPlaneServer {
  readonly #fastify: FastifyInstance;

  constructor(fastify: FastifyInstance) {
    this.#fastify = fastify;
    fastify.all("/*", answerUnknownEndpoint);
  }

  /** Serves one path with one method; every other method on it is answered with 405. */
  route(method: "GET" | "POST", url: string, handler: DataPlaneHandler): void {
    this.#fastify.route({ method, url, handler });
    const others = otherMethods.filter((other) => other !== method);
    this.#fastify.route({ method: others, url, handler: answerWrongMethod(method) });
  }
}
