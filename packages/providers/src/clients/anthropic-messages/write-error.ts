import { encodeUtf8 } from "../../text/utf8.ts";
import type { ClientError } from "../client-protocol.ts";

const typesByStatus: { readonly [status: number]: string } = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
};

/** An error in Anthropic's shape, as JSON text; the gateway's own code stands beside what Anthropic has. */
export function writeAnthropicError(error: ClientError, requestId: string | null): string {
  const { message, code, param } = error;
  return JSON.stringify({ type: "error", error: { type: typeOf(error), message, code, param }, request_id: requestId });
}

/** An error inside a stream. */
export function writeAnthropicStreamError(error: ClientError): Uint8Array {
  return encodeUtf8(`event: error\ndata: ${writeAnthropicError(error, null)}\n\n`);
}

function typeOf({ status, type, code }: ClientError): string {
  if (type === "insufficient_quota") return "billing_error";
  if (code === "overloaded") return "overloaded_error";
  return typesByStatus[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}
