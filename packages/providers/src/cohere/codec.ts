/** Cohere's chat, version 2: translated in both directions. */
import { stopsToCut } from "../emulation/stop-sequences.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { classifyFailedResponse, malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { decodeCohereAnswer } from "./decode-answer.ts";
import { CohereDecoder } from "./decode-events.ts";
import { encodeCohereRequest } from "./encode-request.ts";
import { cohereManifest } from "./manifest.ts";
import { mostStopSequences } from "./parameters.ts";

export const cohereCodec: ProviderCodec = {
  manifest: cohereManifest,
  requestPath: () => "/chat",
  requestHeaders: (credential) => ({
    "content-type": "application/json",
    // Usage and errors are read from the bytes as they pass, so they must not be compressed.
    "accept-encoding": "identity",
    ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
  }),
  encodeRequest: encodeCohereRequest,
  createStreamScanner: (options) =>
    new TranslatedStream(new CohereDecoder(), options, stopsToCut(options.request, mostStopSequences)),
  readCompleteResponse: (operation, body, options) => (operation === "chat" ? readAnswer(body, options) : malformed),
  classifyFailure: classifyFailedResponse,
};

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readAnswer(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  const answer = readJsonObject(body);
  return answer === null
    ? malformed
    : writeAnswer(decodeCohereAnswer(answer), options, stopsToCut(options.request, mostStopSequences));
}
