/** Cohere's chat and embed, version 2: translated in both directions; and rerank, which passes. */
import { restoringToolNames } from "../emulation/allowed-tool-names.ts";
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { isEventStream, writeStreamedAnswer } from "../events/streamed-answer.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { classifyFailedResponse, malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { withNativeAnswers } from "../native-answers/native-answers.ts";
import { openAiDialect } from "../openai/dialect.ts";
import { encodeOpenAiRequest } from "../openai/encode-request.ts";
import { clientOperations } from "../operations/registry.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { decodeCohereAnswer } from "./decode-answer.ts";
import { CohereDecoder } from "./decode-events.ts";
import { cohereEmbeddings } from "./embeddings.ts";
import { encodeCohereRequest } from "./encode-request.ts";
import { cohereFirstVersion } from "./first-version.ts";
import { cohereManifest } from "./manifest.ts";
import { cohereParameters, mostStopSequences } from "./parameters.ts";

const chatCodec: ProviderCodec = {
  manifest: cohereManifest,
  requestPath: (operation) => (operation === "rerank" ? clientOperations.rerank.path : "/chat"),
  requestHeaders: (credential) => ({
    "content-type": "application/json",
    // Usage and errors are read from the bytes as they pass, so they must not be compressed.
    "accept-encoding": "identity",
    ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
  }),
  // The gateway's clients write rerank as Cohere does.
  encodeRequest: (request) =>
    request.operation === "rerank"
      ? encodeOpenAiRequest(request, openAiDialect, cohereManifest)
      : encodeCohereRequest(request),
  createStreamScanner: (options) =>
    new TranslatedStream(new CohereDecoder(), options, stopsToCut(options.request, mostStopSequences)),
  readCompleteResponse: (operation, body, options) => {
    if (operation === "rerank") return clientOperations.rerank.readAnswer(body, options.request);
    return operation === "chat" ? readAnswer(body, options) : malformed;
  },
  classifyFailure: classifyFailedResponse,
};

export const cohereCodec = withEmbeddings(
  restoringToolNames(withNativeAnswers(chatCodec, cohereFirstVersion), cohereParameters.toolNames),
  cohereEmbeddings,
);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readAnswer(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  const stops = stopsToCut(options.request, mostStopSequences);
  if (isEventStream(body)) return writeStreamedAnswer(body, new CohereDecoder(), options, stops);
  const answer = readJsonObject(body);
  return answer === null ? malformed : writeAnswer(decodeCohereAnswer(answer), options, stops);
}
