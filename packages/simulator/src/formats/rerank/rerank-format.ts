import type { WireFormat } from "../wire-format.ts";
import { rerankEndpoint } from "./rerank-endpoint.ts";

const MESSAGES: Readonly<Record<number, string>> = {
  401: "invalid api token",
  404: "model not found, make sure the correct model ID was used and that you have access to the model.",
  429: "You are past the per minute request limit, please wait and try again later.",
};

/** Cohere's rerank with Cohere's errors: `{"id", "message"}`. */
export const rerankFormat: WireFormat = {
  endpoints: [rerankEndpoint("/v2/rerank"), rerankEndpoint("/v1/rerank")],
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
  encodeEvent: (json) => `data: ${json}\n\n`,
  responseHeaders: ({ requestId }) => ["x-debug-trace-id", requestId],
};
