/** One implementation for every kind that speaks OpenAI's protocol: a kind is a manifest and a dialect. */
import type { Operation } from "@switchyard/metering/usage-event";
import { withOwnNames } from "../emulation/allowed-tool-names.ts";
import { isEventStream, writeStreamedAnswer } from "../events/streamed-answer.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import type { AnswerOptions, ProviderCodec } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { clientOperations } from "../operations/registry.ts";
import { classifyFailedResponse } from "../failure/classify-failure.ts";
import { OpenAiDecoder, translateCompletion } from "./decode-answer.ts";
import type { OpenAiDialect } from "./dialect.ts";
import { isEmulated, stopsBeyond } from "./emulated-request.ts";
import { encodeOpenAiRequest } from "./encode-request.ts";
import { quirkDefaultsOf, withQuirks } from "./quirks.ts";
import { readOpenAiResponse } from "./read-response.ts";
import { responsesPassage } from "./responses-passage.ts";
import { createOpenAiStreamScanner } from "./stream-scanner.ts";

function pathOf(operation: Operation): string {
  return operation === "chat" ? "/chat/completions" : clientOperations[operation].path;
}

/**
 * Builds the codec of a kind. The base URL of its connections ends with the version: `https://api.openai.com/v1`.
 * `extend` adds what the kind has beyond the protocol; it is applied to codecs with quirks as well.
 */
export function createOpenAiCodec(
  manifest: ProviderManifest,
  dialect: OpenAiDialect,
  extend: (codec: ProviderCodec) => ProviderCodec = (codec) => codec,
): ProviderCodec {
  const asTranslated = (options: AnswerOptions): AnswerOptions => withOwnNames(options, dialect.toolNames);
  return extend({
    manifest,
    adjustable: {
      defaults: quirkDefaultsOf(dialect),
      adjust: (quirks) => createOpenAiCodec(manifest, withQuirks(dialect, quirks), extend),
    },
    natives: dialect.responses ? { "openai-responses": responsesPassage } : {},
    requestPath: pathOf,
    requestHeaders: (credential) => ({
      "content-type": "application/json",
      // Usage and errors are read from the bytes as they pass, so they must not be compressed.
      "accept-encoding": "identity",
      ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    }),
    encodeRequest: (request) => encodeOpenAiRequest(request, dialect, manifest),
    createStreamScanner: (options) =>
      passesAnswer(options, dialect)
        ? createOpenAiStreamScanner(options, dialect)
        : new TranslatedStream(
            new OpenAiDecoder(dialect),
            asTranslated(options),
            stopsBeyond(options.request, dialect),
          ),
    readCompleteResponse: (operation, body, options) =>
      operation !== "chat"
        ? clientOperations[operation].readAnswer(body, options.request)
        : isEventStream(body)
          ? writeStreamedAnswer(
              body,
              new OpenAiDecoder(dialect),
              asTranslated(options),
              stopsBeyond(options.request, dialect),
            )
          : passesAnswer(options, dialect)
            ? readOpenAiResponse("chat", body, dialect)
            : translateCompletion(body, dialect, asTranslated(options)),
    classifyFailure: (response) => classifyFailedResponse(response, dialect.errorMeanings),
  });
}

/** Whether answers are what the client reads anyway, so that their bytes pass. */
function passesAnswer({ client, request }: AnswerOptions, dialect: OpenAiDialect): boolean {
  return client.name === "chat-completions" && !isEmulated(request, dialect);
}
