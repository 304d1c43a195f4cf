import type { WireFormat } from "../wire-format.ts";
import { encodeResponseEvent } from "./content-stream.ts";
import { batchEmbedContentsEndpoint, predictEndpoint } from "./embed-endpoints.ts";
import { generateContentEndpoint, streamGenerateContentEndpoint } from "./generate-content-endpoint.ts";
import { encodeGoogleError } from "./google-errors.ts";

/** Google's Gemini: AI Studio with an API key, and Vertex with a bearer. */
export const googleFormat: WireFormat = {
  endpoints: [generateContentEndpoint, streamGenerateContentEndpoint, batchEmbedContentsEndpoint, predictEndpoint],
  modelList: {
    path: "/v1beta/models",
    encode(models) {
      const supportedGenerationMethods = ["generateContent"];
      return JSON.stringify({
        models: models.map((id) => ({ name: `models/${id}`, displayName: id, supportedGenerationMethods })),
      });
    },
  },

  apiKeyOf(headers) {
    const header = headers["x-goog-api-key"];
    const [, bearer] = /^Bearer +(.+)$/i.exec(headers.authorization ?? "") ?? [];
    return typeof header === "string" ? header : bearer;
  },

  encodeError: encodeGoogleError,
  encodeEvent: encodeResponseEvent,

  responseHeaders: ({ processingMs }) => [
    "server-timing",
    `gfet4t7; dur=${Math.round(processingMs)}`,
    "vary",
    "Origin",
  ],
};
