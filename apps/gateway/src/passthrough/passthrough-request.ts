import { GatewayError } from "../errors/gateway-error.ts";
import { addressOf } from "../upstream/attempt-request.ts";
import { authorise } from "../upstream/credentials/authorise.ts";
import type { LiveAttempt } from "../upstream/live-attempt.ts";
import { UnsupportedParameterError } from "../upstream/unsupported-parameter.error.ts";
import type { UpstreamMethod, UpstreamRequest } from "../upstream/upstream-client.ts";
import type { KnownCall } from "./known-call.ts";
import { requestHeaders } from "./passthrough-headers.ts";
import type { PassthroughPath } from "./passthrough-path.ts";

/** What is sent for a passthrough attempt: the client's bytes, at the path that it chose, with the connection's credential. */
export function passthroughRequest(
  attempt: LiveAttempt,
  { path, query }: PassthroughPath,
  method: UpstreamMethod,
  known: KnownCall | null,
): UpstreamRequest {
  const { order, target, held } = attempt;
  requireBound(held.outputTokensCap, known);
  const address = addressOf(target.connection);
  const body = order.body.bytes;
  const fullPath = address.basePath + path;
  if (target.issued?.type === "aws_key" && query !== "") {
    throw new GatewayError("invalid_passthrough_path", "Requests that are signed for AWS are passed without a query.");
  }
  const authorised = authorise(target, { address, path: fullPath, body, method });
  const protocolHeaders = Object.values(target.codec.natives ?? {}).flatMap((native) => native.clientHeaders);
  return {
    address,
    path: fullPath + query,
    method,
    headers: {
      ...requestHeaders(order.call.request.headers, authorised, protocolHeaders),
      "accept-encoding": "identity",
      "user-agent": "switchyard",
      "x-request-id": order.call.requestId,
      "x-switchyard-attempt-id": held.hold.attemptId,
    },
    body,
    connectMs: target.planned.timeouts.connectMs,
  };
}

/** The bytes are the client's, so a budget's cap cannot be written into them: the client has to have set one within it. */
function requireBound(cap: number | null, known: KnownCall | null): void {
  if (cap === null) return;
  const asked = known?.size.outputTokensAsked ?? null;
  if (asked !== null && asked <= cap) return;
  throw new UnsupportedParameterError(
    `A budget applies and the request is passed on unchanged: it must cap its output at ${cap} tokens or less.`,
    "max_tokens",
  );
}
