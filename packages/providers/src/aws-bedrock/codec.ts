/** Bedrock's Converse and ConverseStream, and InvokeModel for embeddings: translated in both directions. */
import { restoringToolNames } from "../emulation/allowed-tool-names.ts";
import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import type { ModelEvent } from "../events/model-event.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import { beginsWithJson, type NativeAnswers, withNativeAnswers } from "../native-answers/native-answers.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { classifyBedrockFailure } from "./classify-failure.ts";
import { beginsWithFrame, ConverseStream, readFrames } from "./converse-stream.ts";
import { decodeConverse } from "./decode-answer.ts";
import { bedrockEmbeddings } from "./embeddings.ts";
import { encodeConverseRequest } from "./encode-request.ts";
import { awsBedrockManifest } from "./manifest.ts";
import { bedrockParameters } from "./parameters.ts";

const converseCodec: ProviderCodec = {
  manifest: awsBedrockManifest,
  requestPath: (_operation, { model, stream }) =>
    `/model/${encodeURIComponent(model)}/${stream ? "converse-stream" : "converse"}`,
  requestHeaders: (credential) => ({
    "content-type": "application/json",
    // Usage and errors are read from the bytes as they pass, so they must not be compressed.
    "accept-encoding": "identity",
    ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
  }),
  awsService: "bedrock",
  encodeRequest: encodeConverseRequest,
  createStreamScanner: (options) => new ConverseStream(options),
  readCompleteResponse: (operation, body, options) => (operation === "chat" ? readAnswer(body, options) : malformed),
  classifyFailure: classifyBedrockFailure,
};

const malformedEvent: ModelEvent = { type: "failure", failure: malformedResponse() };

/** Front doors that do not stream answer whole. */
const wholeAnswer: NativeAnswers = {
  isNative: beginsWithJson,
  framing: "rows",
  createDecoder: () => ({ decode: (answer) => (answer === null ? [malformedEvent] : decodeConverse(answer)) }),
};

export const awsBedrockCodec = withEmbeddings(
  restoringToolNames(withNativeAnswers(converseCodec, wholeAnswer), bedrockParameters.toolNames),
  bedrockEmbeddings,
);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readAnswer(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  if (beginsWithFrame(body)) return writeAnswer(readFrames(body), options);
  const answer = readJsonObject(body);
  return answer === null ? malformed : writeAnswer(decodeConverse(answer), options);
}
