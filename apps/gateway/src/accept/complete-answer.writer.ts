import { answerHeaders, appendHeaders, costHeader } from "./answer-headers.ts";
import type { Call } from "./call.ts";

const noHeaders: Readonly<Record<string, string>> = {};

/** Node joins a text with the head into one write; bytes go out beside it, in two parts, which costs a small answer more. */
const mostBytesAsText = 16 * 1024;

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
  if (typeof body === "string" || body.byteLength > mostBytesAsText) call.response.end(body);
  else call.response.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1"), "latin1");
}
