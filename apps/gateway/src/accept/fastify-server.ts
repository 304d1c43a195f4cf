import type { Socket } from "node:net";
import { STATUS_CODES } from "node:http";
import fastify, { type FastifyInstance } from "fastify";
import { errorBody } from "../errors/error-body.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { DataPlaneServer } from "./data-plane-server.ts";
import { answerUnserved } from "./unserved-requests.ts";

export interface GatewayServer {
  readonly fastify: FastifyInstance;
  readonly dataPlane: DataPlaneServer;
}

/** The HTTP server with every limit that Node and Fastify can enforce before a request reaches us. */
export async function createGatewayServer(): Promise<GatewayServer> {
  const server = fastify({
    logger: false,
    exposeHeadRoutes: false,
    keepAliveTimeout: 75_000,
    // Until the last byte of the request; an answer may take as long as its route allows.
    requestTimeout: 60_000,
    maxRequestsPerSocket: 0,
    return503OnClosing: false,
    forceCloseConnections: "idle",
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024, connectionsCheckingInterval: 2_000 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, _request, reply) => {
      answerUnserved(reply, new GatewayError("endpoint_not_found", "The address of this request cannot be read."));
    },
  });
  server.server.maxHeadersCount = 100;
  // Bodies are read by the pipeline, after the caller is known; no parser may touch one before.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
  let dataPlane: DataPlaneServer | undefined;
  await server.register(async (context) => {
    context.setErrorHandler((_error, _request, reply) => {
      answerUnserved(reply, new GatewayError("unsupported_media_type", "The Content-Type must be application/json."));
    });
    dataPlane = new DataPlaneServer(context);
  });
  if (dataPlane === undefined) throw new Error("Fastify did not open the data plane's context");
  return { fastify: server, dataPlane };
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
