/** Frames as an independent implementation writes them: padded payloads, no start of text blocks, usage at the end. */
import { EventStreamCodec } from "@smithy/eventstream-codec";
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { joinBytes } from "../../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../text/utf8.ts";

const codec = new EventStreamCodec(
  (input) => (typeof input === "string" ? input : decodeUtf8(input as Uint8Array)),
  encodeUtf8,
);
const usage =
  '{"inputTokens":56,"outputTokens":38,"totalTokens":158,"cacheReadInputTokens":64,"cacheReadInputTokenCount":64,"cacheWriteInputTokens":0}';

export function frame(kind: string, type: string, json: string, messageType = "event"): Uint8Array {
  const text = (value: string) => ({ type: "string" as const, value });
  const headers = {
    [kind]: text(type),
    ":content-type": text("application/json"),
    ":message-type": text(messageType),
  };
  return codec.encode({ headers, body: encodeUtf8(json) });
}

export function event(type: string, json: string): Uint8Array {
  return frame(":event-type", type, json);
}

function delta(block: number, json: string): Uint8Array {
  return event("contentBlockDelta", `{"contentBlockIndex":${block},"delta":${json},"p":"abcdefgh"}`);
}

const start = event("messageStart", '{"p":"abcd","role":"assistant"}');
const untilStop = joinBytes([
  start,
  delta(0, '{"reasoningContent":{"text":"A harbour…"}}'),
  delta(0, '{"reasoningContent":{"signature":"EqQB"}}'),
  event("contentBlockStop", '{"contentBlockIndex":0,"p":"ab"}'),
  delta(1, '{"text":"Harbours are"}'),
  delta(1, '{"text":" quiet — 港."}'),
  event("contentBlockStop", '{"contentBlockIndex":1,"p":"abc"}'),
  event("messageStop", '{"p":"abcdef","stopReason":"end_turn"}'),
]);

function answer(content: string): string {
  return `{"metrics":{"latencyMs":551},"output":{"message":{"content":${content},"role":"assistant"}},"stopReason":"end_turn","usage":${usage}}`;
}

function failure(status: number, exception: string, message: string) {
  return {
    status,
    headers: { "x-amzn-errortype": `${exception}:http://internal.amazon.com/coral/com.amazon.bedrock/` },
    body: `{"message":"${message}"}`,
  };
}

export const fixtures: ProviderFixtures = {
  passthrough: null,
  embeddingsAnswer: {
    body: '{"embedding":[0.5,-1],"embeddingsByType":{"float":[0.5,-1]},"inputTextTokenCount":6}',
    usage: { input: 6 },
  },
  chatAnswer: {
    body: answer(
      '[{"reasoningContent":{"reasoningText":{"text":"A harbour…","signature":"EqQB"}}},{"text":"Harbours are quiet — 港."}]',
    ),
    usage: { input: 56, cached_input: 64, output: 38 },
  },
  refusal: `{"output":{"message":{"content":[],"role":"assistant"}},"stopReason":"refusal","usage":${usage}}`,
  emptyAnswer: answer("[]"),
  chatStream: {
    text: joinBytes([untilStop, event("metadata", `{"metrics":{"latencyMs":551},"p":"abcd","usage":${usage}}`)]),
    wholeAt: untilStop.length,
  },
  brokenStream: {
    text: joinBytes([
      start,
      delta(0, '{"text":"Harb"}'),
      frame(":exception-type", "throttlingException", '{"message":"Too many tokens"}', "exception"),
    ]),
    failure: "rate_limited",
  },
  failures: [
    {
      ...failure(400, "ValidationException", "The provided model identifier is invalid."),
      failure: "model_not_found",
    },
    {
      ...failure(400, "ValidationException", "The text field in the ContentBlock object is blank."),
      failure: "invalid_request",
    },
    {
      ...failure(400, "ValidationException", "Input is too long for requested model."),
      failure: "context_length_exceeded",
    },
    {
      ...failure(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
      failure: "credential_rejected",
    },
    {
      ...failure(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
      failure: "credential_rejected",
    },
    { ...failure(400, "ServiceQuotaExceededException", "Your request exceeds the quota."), failure: "rate_limited" },
    { ...failure(408, "ModelTimeoutException", "Model processing timed out."), failure: "timeout" },
    { ...failure(424, "ModelErrorException", "The model returned an error."), failure: "server_error" },
    { ...failure(429, "ModelNotReadyException", "The model is not ready."), failure: "rate_limited" },
    { ...failure(429, "ThrottlingException", "Too many requests, please wait."), failure: "rate_limited" },
    { ...failure(503, "ServiceUnavailableException", "Bedrock is unavailable."), failure: "overloaded" },
  ],
};
