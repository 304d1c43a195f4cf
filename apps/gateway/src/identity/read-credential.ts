import type { IncomingMessage } from "node:http";
import { GatewayError } from "../errors/gateway-error.ts";

const bearer = /^bearer +(\S+)$/i;

/**
 * The one key that a request presents: `Authorization: Bearer`, or `x-api-key` or `api-key` where there is none. Throws
 * `invalid_header` for a request that presents the same header twice: Node would silently take the first, a proxy in
 * front perhaps the second.
 */
export function readCredential(request: IncomingMessage): string | undefined {
  refuseRepeats(request.rawHeaders);
  const { authorization } = request.headers;
  if (authorization !== undefined) return bearer.exec(authorization)?.[1];
  const key = request.headers["x-api-key"] ?? request.headers["api-key"];
  return typeof key === "string" ? key : undefined;
}

function refuseRepeats(rawHeaders: readonly string[]): void {
  let authorizations = 0;
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    // Two lengths, so that most headers are told apart without being compared.
    if (name.length === 13 && name.toLowerCase() === "authorization") authorizations += 1;
    else if (name.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  if (authorizations > 1) throw new GatewayError("invalid_header", "The Authorization header is sent more than once.");
  if (hosts > 1) throw new GatewayError("invalid_header", "The Host header is sent more than once.");
}
