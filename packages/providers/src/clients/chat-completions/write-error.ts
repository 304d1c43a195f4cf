import { encodeUtf8 } from "../../text/utf8.ts";
import type { ClientError } from "../client-protocol.ts";

/** An error in OpenAI's shape, as JSON text. */
export function writeOpenAiError({ message, type, param, code }: ClientError): string {
  return JSON.stringify({ error: { message, type, param, code } });
}

/** An error inside a stream of chunks: unnamed and nested, which is the one form that every SDK raises (wire formats 1.3). */
export function writeChatStreamError(error: ClientError): Uint8Array {
  return encodeUtf8(`data: ${writeOpenAiError(error)}\n\n`);
}
