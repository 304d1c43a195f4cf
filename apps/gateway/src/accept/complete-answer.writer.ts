import { answerHeaders, appendHeaders, costHeader } from "./answer-headers.ts";
import type { Call } from "./call.ts";

const noHeaders: Readonly<Record<string, string>> = {};

/** Writes a whole answer, JSON unless told otherwise: its head and its bytes go out together. */
export function writeCompleteAnswer(
  call: Call,
  body: Uint8Array | string,
  more: Readonly<Record<string, string>> = noHeaders,
  contentType = "application/json; charset=utf-8",
): void {
  call.status = 200;
  call.responseBytes = Buffer.byteLength(body);
  call.claim?.copy.begin(contentType);
  call.claim?.copy.add(body);
  if (call.isClientGone) return;
  const headers = answerHeaders(call);
  headers.push("content-type", contentType, "content-length", String(call.responseBytes));
  headers.push(...costHeader(call));
  appendHeaders(headers, more);
  call.response.writeHead(200, headers);
  call.response.end(body);
}
