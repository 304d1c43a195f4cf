/** Bedrock's Converse and ConverseStream, and InvokeModel for embeddings: translated in both directions. */
import { restoringToolNames } from "../emulation/allowed-tool-names.ts";
import { withEmbeddings } from "../embeddings/embeddings-surface.ts";
import { writeAnswer } from "../events/write-answer.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec } from "../provider-codec.ts";
import { classifyBedrockFailure } from "./classify-failure.ts";
import { ConverseStream } from "./converse-stream.ts";
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

export const awsBedrockCodec = withEmbeddings(
  restoringToolNames(converseCodec, bedrockParameters.toolNames),
  bedrockEmbeddings,
);

const malformed: CompleteResponse = { ok: false, failure: malformedResponse() };

function readAnswer(body: Uint8Array, options: AnswerOptions): CompleteResponse {
  const answer = readJsonObject(body);
  return answer === null ? malformed : writeAnswer(decodeConverse(answer), options);
}
