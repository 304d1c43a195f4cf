import type { FastifyReply, FastifyRequest } from "fastify";
import { clientProtocolOf } from "@switchyard/providers/clients/registry";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { errorBody } from "../errors/error-body.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { writeError } from "../errors/gateway-error.handler.ts";

/** Answers what no pipeline serves, in the shape that clients parse. */
export function answerUnserved(reply: FastifyReply, error: GatewayError, headers: readonly string[] = []): void {
  reply.hijack();
  // Its body, if it has one, is not read: the connection carries no further request.
  const requestId = createUuidV7();
  const body = errorBody(error, clientProtocolOf(pathOf(reply.request.raw.url ?? "")), requestId);
  writeError(reply.raw, error, body, ["x-request-id", requestId, "connection", "close", ...headers]);
}

function pathOf(url: string): string {
  const queryAt = url.indexOf("?");
  return queryAt === -1 ? url : url.slice(0, queryAt);
}

export function answerUnknownEndpoint(_request: FastifyRequest, reply: FastifyReply): void {
  answerUnserved(reply, new GatewayError("endpoint_not_found", "There is no such endpoint."));
}

export function answerWrongMethod(allowed: string): (request: FastifyRequest, reply: FastifyReply) => void {
  return (_request, reply) => {
    answerUnserved(reply, new GatewayError("method_not_allowed", `This endpoint answers ${allowed} only.`), [
      "allow",
      allowed,
    ]);
  };
}
