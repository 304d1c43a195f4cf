import type { FastifyInstance } from "fastify";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { nestsDeeperThan } from "./json-depth.ts";

const deepest = 32;

/**
 * JSON is the only body this API takes: a form of another site cannot send it without asking first. An empty body is an
 * absent one, so that a client may name the type on every call.
 */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser("error", "error");
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return done(null, undefined);
    if (nestsDeeperThan(bytes, deepest)) return done(new ControlPlaneError("malformed_json"), undefined);
    return parseJson(request, bytes.toString("utf8"), (error, value) =>
      error ? done(new ControlPlaneError("malformed_json", { cause: error }), undefined) : done(null, value),
    );
  });
}
