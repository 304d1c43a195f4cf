/** One implementation for every kind that speaks OpenAI's protocol: a kind is a manifest and a dialect. */
import type { Operation } from "@switchyard/metering/usage-event";
import { TranslatedStream } from "../events/translated-stream.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { classifyFailedResponse } from "../failure/classify-failure.ts";
import { OpenAiDecoder, translateCompletion } from "./decode-answer.ts";
import type { OpenAiDialect } from "./dialect.ts";
import { encodeOpenAiRequest } from "./encode-request.ts";
import { readOpenAiResponse } from "./read-response.ts";
import { createOpenAiStreamScanner } from "./stream-scanner.ts";

const paths: { readonly [operation in Operation]: string } = { chat: "/chat/completions", embeddings: "/embeddings" };

/** Builds the codec of a kind. The base URL of its connections ends with the version: `https://api.openai.com/v1`. */
export function createOpenAiCodec(manifest: ProviderManifest, dialect: OpenAiDialect): ProviderCodec {
  return {
    manifest,
    requestPath: (operation) => paths[operation],
    requestHeaders: (credential) => ({
      "content-type": "application/json",
      // Usage and errors are read from the bytes as they pass, so they must not be compressed.
      "accept-encoding": "identity",
      ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    }),
    encodeRequest: (request) => encodeOpenAiRequest(request, dialect, manifest),
    createStreamScanner: (options) =>
      options.client.name === "chat-completions"
        ? createOpenAiStreamScanner(options, dialect)
        : new TranslatedStream(new OpenAiDecoder(dialect), options),
    readCompleteResponse: (operation, body, options) =>
      operation === "chat" && options.client.name !== "chat-completions"
        ? translateCompletion(body, dialect, options)
        : readOpenAiResponse(operation, body, dialect),
    classifyFailure: classifyFailedResponse,
  };
}
