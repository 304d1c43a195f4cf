import type { FastifyInstance } from "fastify";

const apiPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const everywhere = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "content-security-policy": apiPolicy,
  "cache-control": "no-store",
} as const;

const oneYear = "max-age=31536000; includeSubDomains";

/** Headers of every answer. Files of the dashboard say for themselves how long they keep, and pages what they may run. */
export function sendSecurityHeaders(fastify: FastifyInstance, { isHttps }: { isHttps: boolean }): void {
  fastify.addHook("onRequest", async (request, reply) => {
    reply.headers(everywhere).header("x-request-id", request.id);
    if (isHttps) reply.header("strict-transport-security", oneYear);
  });
}
