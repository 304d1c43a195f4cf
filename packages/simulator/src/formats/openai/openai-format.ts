import type { WireFormat } from "../wire-format.ts";
import { chatEndpoint } from "./chat-endpoint.ts";
import { embeddingsEndpoint } from "./embeddings-endpoint.ts";
import { imagesEndpoint } from "./images-endpoint.ts";
import { moderationsEndpoint } from "./moderations-endpoint.ts";
import { encodeOpenAiError } from "./openai-errors.ts";
import { speechEndpoint } from "./speech-endpoint.ts";
import { transcriptionsEndpoint } from "./transcriptions-endpoint.ts";

const REQUESTS_PER_MINUTE = 10_000;
const TOKENS_PER_MINUTE = 2_000_000;
/** 2026-01-01, when the simulated models came out. */
const MODELS_CREATED_SECONDS = 1_767_225_600;

/** OpenAI's public API. Rate-limit headers describe a bucket that this request alone has drawn from. */
export const openAiFormat: WireFormat = {
  endpoints: [
    chatEndpoint,
    embeddingsEndpoint,
    imagesEndpoint,
    transcriptionsEndpoint,
    speechEndpoint,
    moderationsEndpoint,
  ],
  modelList: {
    path: "/v1/models",
    encode(models) {
      const data = models.map((id) => ({
        id,
        object: "model",
        created: MODELS_CREATED_SECONDS,
        owned_by: "simulator",
      }));
      return JSON.stringify({ object: "list", data });
    },
  },

  apiKeyOf(headers) {
    const [, key] = /^Bearer +(.+)$/i.exec(headers.authorization ?? "") ?? [];
    return key;
  },

  encodeError: encodeOpenAiError,
  encodeEvent: (json) => `data: ${json}\n\n`,

  responseHeaders({ requestId, status, inputTokens, processingMs }) {
    const isLimited = status === 429;
    return [
      "x-request-id",
      `req_${requestId}`,
      "openai-version",
      "2020-10-01",
      "openai-organization",
      "org-simulator",
      "openai-processing-ms",
      String(Math.round(processingMs)),
      "x-ratelimit-limit-requests",
      String(REQUESTS_PER_MINUTE),
      "x-ratelimit-remaining-requests",
      String(isLimited ? 0 : REQUESTS_PER_MINUTE - 1),
      "x-ratelimit-reset-requests",
      isLimited ? "1s" : "6ms",
      "x-ratelimit-limit-tokens",
      String(TOKENS_PER_MINUTE),
      "x-ratelimit-remaining-tokens",
      String(Math.max(TOKENS_PER_MINUTE - inputTokens, 0)),
      "x-ratelimit-reset-tokens",
      `${Math.ceil((inputTokens * 60_000) / TOKENS_PER_MINUTE)}ms`,
    ];
  },
};
