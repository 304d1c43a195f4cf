import type { WireFormat } from "../wire-format.ts";
import { chatEndpoint } from "./chat-endpoint.ts";
import { encodeEvent } from "./chat-stream.ts";
import { embedEndpoint } from "./embed-endpoint.ts";
import { rerankEndpoint } from "./rerank-endpoint.ts";

const MESSAGES: Readonly<Record<number, string>> = {
  401: "invalid api token",
  404: "model not found, make sure the correct model ID was used and that you have access to the model.",
  429: "You are past the per minute request limit, please wait and try again later.",
};

/** Cohere's chat, embed and rerank with Cohere's errors: `{"id", "message"}`. */
export const cohereFormat: WireFormat = {
  endpoints: [chatEndpoint, embedEndpoint, rerankEndpoint("/v2/rerank"), rerankEndpoint("/v1/rerank")],
  modelList: undefined,
  apiKeyOf(headers) {
    const [, key] = /^Bearer +(.+)$/i.exec(headers.authorization ?? "") ?? [];
    return key;
  },
  encodeError: ({ status, message }) =>
    JSON.stringify({
      id: "a3f1",
      message: message ?? MESSAGES[status] ?? "internal server error, this has been reported",
    }),
  // Inside a stream an error is the end of the message.
  encodeEvent(json) {
    const event = JSON.parse(json) as { readonly type?: string; readonly message?: string };
    if (event.type !== undefined) return `event: ${event.type}\ndata: ${json}\n\n`;
    return encodeEvent({ type: "message-end", delta: { finish_reason: "ERROR", error: event.message ?? "" } });
  },
  responseHeaders: ({ requestId }) => ["x-debug-trace-id", requestId],
};
