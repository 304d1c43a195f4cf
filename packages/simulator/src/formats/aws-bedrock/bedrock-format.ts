import type { WireFormat } from "../wire-format.ts";
import { converseEndpoint, converseStreamEndpoint } from "./converse-endpoints.ts";
import { encodeEvent, encodeException } from "./converse-stream.ts";
import { invokeEndpoint } from "./invoke-endpoint.ts";
import { bedrockKeyOf, findCredentialProblem } from "./credential-problem.ts";

interface Failure {
  readonly type: string;
  readonly message: string;
}

const FAILURES: Readonly<Record<number, Failure>> = {
  400: { type: "ValidationException", message: "The provided model identifier is invalid." },
  401: { type: "UnrecognizedClientException", message: "The security token included in the request is invalid." },
  403: { type: "AccessDeniedException", message: "You don't have access to the model with the specified model ID." },
  404: { type: "ResourceNotFoundException", message: "The specified resource was not found." },
  408: { type: "ModelTimeoutException", message: "The model took too long to process the request." },
  424: { type: "ModelErrorException", message: "The model returned an error while processing the request." },
  429: { type: "ThrottlingException", message: "Too many requests, please wait before trying again." },
  503: { type: "ServiceUnavailableException", message: "The service is unable to process your request, try again." },
};
const SERVER_FAILURE: Failure = {
  type: "InternalServerException",
  message: "The system encountered an unexpected error during processing. Try your request again.",
};

/** Converse and ConverseStream of Amazon Bedrock, and InvokeModel for embeddings, asked with a bearer or a signature. */
export const bedrockFormat: WireFormat = {
  endpoints: [converseEndpoint, converseStreamEndpoint, invokeEndpoint],
  modelList: undefined,
  eventStreamType: "application/vnd.amazon.eventstream",
  apiKeyOf: bedrockKeyOf,
  objectionTo: ({ headers }) => findCredentialProblem(headers),
  encodeError: ({ status, message }) =>
    JSON.stringify({ message: message ?? (FAILURES[status] ?? SERVER_FAILURE).message }),
  /** Inside a stream a failure is a frame of its own kind. */
  encodeEvent(json) {
    const payload = JSON.parse(json) as Readonly<Record<string, unknown>>;
    const { message } = payload;
    return typeof message === "string"
      ? encodeException("internalServerException", message)
      : encodeEvent("contentBlockDelta", payload);
  },
  responseHeaders({ requestId, status, inputTokens }) {
    const failure = status >= 400 ? ["x-amzn-errortype", (FAILURES[status] ?? SERVER_FAILURE).type] : [];
    // The only place where some models say what they read.
    const count = status >= 400 ? [] : ["x-amzn-bedrock-input-token-count", String(inputTokens)];
    return ["x-amzn-requestid", requestId, ...count, ...failure];
  },
};
