import type { WireFormat } from "../wire-format.ts";
import { encodeAnthropicError } from "./anthropic-errors.ts";
import { countTokensEndpoint } from "./count-tokens-endpoint.ts";
import { messagesEndpoint } from "./messages-endpoint.ts";

const REQUESTS_PER_MINUTE = 4_000;

/** Anthropic's Messages API. Its list of models has the path of OpenAI's, whose answer clients of both can read. */
export const anthropicFormat: WireFormat = {
  endpoints: [messagesEndpoint, countTokensEndpoint],
  modelList: undefined,

  apiKeyOf(headers) {
    const header = headers["x-api-key"];
    const [, bearer] = /^Bearer +(.+)$/i.exec(headers.authorization ?? "") ?? [];
    return typeof header === "string" ? header : bearer;
  },

  encodeError: encodeAnthropicError,

  encodeEvent(json) {
    const { type } = JSON.parse(json) as { readonly type?: string };
    return `event: ${type ?? "message"}\ndata: ${json}\n\n`;
  },

  responseHeaders({ requestId, status }) {
    const remaining = status === 429 ? 0 : REQUESTS_PER_MINUTE - 1;
    return [
      "request-id",
      `req_${requestId}`,
      "anthropic-organization-id",
      "00000000-0000-4000-8000-000000000000",
      "anthropic-ratelimit-requests-limit",
      String(REQUESTS_PER_MINUTE),
      "anthropic-ratelimit-requests-remaining",
      String(remaining),
    ];
  },
};
