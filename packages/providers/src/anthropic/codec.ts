/** Anthropic's Messages API: as it is for callers that speak it, translated in both directions for all others. */
import { restoringToolNames } from "../emulation/allowed-tool-names.ts";
import { isEventStream, writeStreamedAnswer } from "../events/streamed-answer.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { classifyFailedResponse, malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { AnthropicDecoder, decodeMessage } from "./decode-answer.ts";
import { encodeAnthropicRequest } from "./encode-request.ts";
import { anthropicManifest } from "./manifest.ts";
import { messagesPassage } from "./messages-passage.ts";
import { anthropicParameters } from "./parameters.ts";

/** Later versions refuse sampling parameters at any value; the models that do so are known by name instead. */
const apiVersion = "2023-06-01";

const translatingCodec: ProviderCodec = {
  manifest: anthropicManifest,
  natives: { "anthropic-messages": messagesPassage },
  requestPath: () => "/messages",
  requestHeaders: (credential) => ({
    "content-type": "application/json",
    // Usage and errors are read from the bytes as they pass, so they must not be compressed.
    "accept-encoding": "identity",
    "anthropic-version": apiVersion,
    ...(credential === null ? {} : { "x-api-key": credential }),
  }),
  encodeRequest: encodeAnthropicRequest,
  createStreamScanner: (options) => new TranslatedStream(new AnthropicDecoder(), options),
  readCompleteResponse: (operation, body, options) => (operation === "chat" ? readMessage(body, options) : malformed),
  classifyFailure: classifyFailedResponse,
};

export const anthropicCodec = restoringToolNames(translatingCodec, anthropicParameters.toolNames);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readMessage(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  if (isEventStream(body)) return writeStreamedAnswer(body, new AnthropicDecoder(), options);
  const message = readJsonObject(body);
  return message === null ? malformed : writeAnswer(decodeMessage(message), options);
}
