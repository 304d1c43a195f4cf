import { stopsToCut } from "../emulation/stop-sequences.ts";
import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { beginsWithJson, type NativeAnswers, withNativeAnswers } from "../native-answers/native-answers.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { classifyGeminiFailure } from "./classify-failure.ts";
import { GeminiDecoder } from "./decode-answer.ts";
import { geminiEmbeddings } from "./embeddings.ts";
import { encodeGeminiRequest } from "./encode-request.ts";
import { googleGeminiManifest } from "./manifest.ts";
import { mostStopSequences } from "./parameters.ts";

/** Where `alt=sse` is lost on the way, a stream is one list of the responses. */
const listOfResponses: NativeAnswers = {
  isNative: beginsWithJson,
  framing: "rows",
  createDecoder: () => new GeminiDecoder(),
  stopsOf: (request) => stopsToCut(request, mostStopSequences),
};

/**
 * Google's `generateContent`, translated in both directions. Its surfaces differ in what stands before the model in the
 * path, which is the base URL's part, and in how a credential is sent.
 */
export function createGeminiCodec(
  manifest: ProviderManifest,
  credentialHeader: (credential: string) => Readonly<Record<string, string>>,
): ProviderCodec {
  const codec: ProviderCodec = {
    manifest,
    requestPath: (_operation, { model, stream }) =>
      `/models/${encodeURIComponent(model)}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    requestHeaders: (credential) => ({
      "content-type": "application/json",
      // Usage and errors are read from the bytes as they pass, so they must not be compressed.
      "accept-encoding": "identity",
      ...(credential === null ? {} : credentialHeader(credential)),
    }),
    encodeRequest: (request) => encodeGeminiRequest(request, manifest),
    createStreamScanner: (options) =>
      new TranslatedStream(new GeminiDecoder(), options, stopsToCut(options.request, mostStopSequences)),
    readCompleteResponse: (operation, body, options) => (operation === "chat" ? readContent(body, options) : malformed),
    classifyFailure: classifyGeminiFailure,
  };
  return withNativeAnswers(codec, listOfResponses);
}

/** AI Studio. */
export const googleGeminiCodec = withEmbeddings(
  createGeminiCodec(googleGeminiManifest, (credential) => ({ "x-goog-api-key": credential })),
  geminiEmbeddings,
);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readContent(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  const response = readJsonObject(body);
  if (response === null) return malformed;
  return writeAnswer(new GeminiDecoder().decode(response), options, stopsToCut(options.request, mostStopSequences));
}
