import { encodeUtf8 } from "../../text/utf8.ts";
import type { ClientError } from "../client-protocol.ts";
import type { ResponseEvent } from "./response-event.ts";

/** The last two events of a response that broke off: the error, and the response as one that failed. */
export function failureEvents(
  { code, message, param }: ClientError,
  response: Readonly<Record<string, unknown>>,
  sequence: number,
): ResponseEvent[] {
  const failed = { ...response, status: "failed", error: { code: "server_error", message } };
  return [
    { type: "error", sequence_number: sequence, code, message, param },
    { type: "response.failed", sequence_number: sequence + 1, response: failed },
  ];
}

export function encodeResponseEvents(events: readonly ResponseEvent[]): Uint8Array {
  return encodeUtf8(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}
