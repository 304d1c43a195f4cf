import { createServer, STATUS_CODES, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { errorBody } from "../errors/error-body.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { DataPlaneServer } from "./data-plane-server.ts";

/** The HTTP server with every limit that Node can enforce before a request reaches us. */
export function createHttpServer(dataPlane: DataPlaneServer, operations: RequestListener): Server {
  const limits = {
    headersTimeout: 10_000,
    // Until the last byte of the request; an answer may take as long as its route allows.
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: 16 * 1024,
  };
  const server = createServer(limits, (request, response) => {
    if (isForOperations(request.url ?? "")) operations(request, response);
    else dataPlane.handle(request, response);
  });
  server.maxHeadersCount = 100;
  server.on("clientError", answerBrokenRequest);
  return server;
}

// Everything else, unknown addresses included, is answered in the shape that clients of the API parse.
function isForOperations(url: string): boolean {
  // Told apart by one character, because nearly every request is for /v1.
  if (url.charCodeAt(1) === 0x76) return false;
  const queryAt = url.indexOf("?");
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  return path === "/livez" || path === "/readyz" || path === "/metrics";
}

/** What Node could not even parse: the answer is written by hand, because there is no request to answer. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const [status, problem] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [431, new GatewayError("invalid_header", "The request headers are too large.")]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, new GatewayError("request_timeout", "The request took too long to arrive.")]
        : [400, new GatewayError("invalid_request", "The request is not valid HTTP.")];
  const body = errorBody(problem);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
