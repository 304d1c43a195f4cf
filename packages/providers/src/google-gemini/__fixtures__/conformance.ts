/** As AI Studio streams: usage on every response, thoughts beside the candidates, nothing that marks the end. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";

const tail = '"modelVersion":"gemini-3-flash","responseId":"r1Xz"';
const usage =
  '{"promptTokenCount":120,"cachedContentTokenCount":64,"candidatesTokenCount":8,"thoughtsTokenCount":30,"totalTokenCount":158,"promptTokensDetails":[{"modality":"TEXT","tokenCount":120}]}';

function response(
  parts: string,
  finish: string,
  usageMetadata = '{"promptTokenCount":120,"totalTokenCount":120}',
): string {
  return `{"candidates":[{"content":{"parts":[${parts}],"role":"model"}${finish},"index":0}],"usageMetadata":${usageMetadata},${tail}}`;
}

function event(json: string): string {
  return `data: ${json}\r\n\r\n`;
}

const untilFinish =
  event(response('{"text":"A harbour…","thought":true}', "")) +
  event(response('{"text":"Harbours are"}', "")) +
  event(response('{"text":" quiet — 港."},{"text":"","thoughtSignature":"CiQB"}', ',"finishReason":"STOP"', usage));

function failure(code: number, status: string, message: string): string {
  return `{"error":{"code":${code},"message":"${message}","status":"${status}"}}`;
}

export const fixtures: ProviderFixtures = {
  passthrough: null,
  embeddingsAnswer: {
    body: '{"embeddings":[{"values":[0.5,-1]}],"usageMetadata":{"promptTokenCount":6}}',
    usage: { input: 6 },
  },
  chatAnswer: {
    body: response(
      '{"text":"A harbour…","thought":true},{"text":"Harbours are quiet — 港.","thoughtSignature":"CiQB"}',
      ',"finishReason":"STOP"',
      usage,
    ),
    usage: { input: 56, cached_input: 64, output: 8, reasoning: 30 },
  },
  refusal: null,
  emptyAnswer: `{"candidates":[{"content":{"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":${usage},${tail}}`,
  chatStream: { text: untilFinish, wholeAt: untilFinish.trimEnd().length },
  brokenStream: {
    text: event(response('{"text":"Harb"}', "")) + event(failure(503, "UNAVAILABLE", "The model is overloaded.")),
    failure: "overloaded",
  },
  failures: [
    {
      status: 400,
      body: failure(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
      failure: "credential_rejected",
    },
    { status: 400, body: failure(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"), failure: "invalid_request" },
    {
      status: 400,
      body: failure(400, "INVALID_ARGUMENT", "The input token count (2000000) exceeds the maximum number of tokens"),
      failure: "context_length_exceeded",
    },
    { status: 403, body: failure(403, "PERMISSION_DENIED", "Permission denied"), failure: "credential_rejected" },
    {
      status: 404,
      body: failure(404, "NOT_FOUND", "models/gemini-9 is not found for API version v1beta"),
      failure: "model_not_found",
    },
    {
      status: 429,
      body: '{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"17s"}]}}',
      failure: "rate_limited",
      retryAfterMs: 17_000,
    },
    { status: 500, body: failure(500, "INTERNAL", "An internal error has occurred."), failure: "server_error" },
    { status: 503, body: failure(503, "UNAVAILABLE", "The model is overloaded."), failure: "overloaded" },
  ],
};
