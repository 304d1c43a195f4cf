import { restoringToolNames } from "../emulation/allowed-tool-names.ts";
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { classifyFailedResponse, malformedResponse } from "../failure/classify-failure.ts";
import { openingBracket } from "../json/json-cursor.ts";
import { beginsWithJson, type NativeAnswers, withNativeAnswers } from "../native-answers/native-answers.ts";
import type { CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import type { ProviderManifest } from "../provider-manifest.ts";
import { GeminiDecoder } from "./decode-answer.ts";
import { geminiEmbeddings } from "./embeddings.ts";
import { encodeGeminiRequest } from "./encode-request.ts";
import { googleGeminiManifest } from "./manifest.ts";
import { geminiParameters, mostStopSequences } from "./parameters.ts";
import { readContent } from "./read-content.ts";

const space = 0x20;

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
    classifyFailure: classifyFailedResponse,
  };
  const listed = withNativeAnswers(codec, listOfResponses);
  const either: ProviderCodec = {
    ...listed,
    // One response alone is no list, and is judged as it is.
    readCompleteResponse: (operation, body, options) =>
      (beginsWithList(body) ? listed : codec).readCompleteResponse(operation, body, options),
  };
  return restoringToolNames(either, geminiParameters.toolNames);
}

function beginsWithList(body: Uint8Array): boolean {
  return body.find((byte) => byte > space) === openingBracket;
}

/** AI Studio. */
export const googleGeminiCodec = withEmbeddings(
  createGeminiCodec(googleGeminiManifest, (credential) => ({ "x-goog-api-key": credential })),
  geminiEmbeddings,
);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };
