/** As Vertex streams: only the kind of traffic as usage until the last response, dates, and errors as a list when plain. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";

const tail = '"modelVersion":"gemini-3-flash","createTime":"2026-11-20T10:00:00.123456Z","responseId":"kK8yaQ"';
const usage =
  '{"promptTokenCount":120,"cachedContentTokenCount":64,"candidatesTokenCount":8,"thoughtsTokenCount":30,"totalTokenCount":158,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"TEXT","tokenCount":120}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":64}],"candidatesTokensDetails":[{"modality":"TEXT","tokenCount":8}]}';

function response(parts: string, finish: string, usageMetadata = '{"trafficType":"ON_DEMAND"}'): string {
  return `{"candidates":[{"content":{"role":"model","parts":[${parts}]}${finish}}],"usageMetadata":${usageMetadata},${tail}}`;
}

function event(json: string): string {
  return `data: ${json}\r\n\r\n`;
}

const untilFinish =
  event(response('{"thought":true,"text":"A harbour…"}', "")) +
  event(response('{"text":"Harbours are"}', "")) +
  event(response('{"text":" quiet — 港."}', ',"finishReason":"STOP","avgLogprobs":-0.4', usage));

function failure(code: number, status: string, message: string): string {
  return `[{"error":{"code":${code},"message":"${message}","status":"${status}"}}]`;
}

export const fixtures: ProviderFixtures = {
  passthrough: null,
  embeddingsAnswer: {
    body: '{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":6},"values":[0.5,-1]}}],"metadata":{"billableCharacterCount":7}}',
    usage: { input: 6 },
  },
  chatAnswer: {
    body: response(
      '{"thought":true,"text":"A harbour…"},{"text":"Harbours are quiet — 港."}',
      ',"finishReason":"STOP"',
      usage,
    ),
    usage: { input: 56, cached_input: 64, output: 8, reasoning: 30 },
  },
  refusal: null,
  emptyAnswer: response("", ',"finishReason":"STOP"', usage),
  chatStream: { text: untilFinish, wholeAt: untilFinish.trimEnd().length },
  brokenStream: {
    text:
      event(response('{"text":"Harb"}', "")) +
      event('{"error":{"code":503,"message":"The service is unavailable.","status":"UNAVAILABLE"}}'),
    failure: "overloaded",
  },
  failures: [
    {
      status: 401,
      body: failure(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
      failure: "credential_rejected",
    },
    {
      status: 403,
      body: failure(403, "PERMISSION_DENIED", "Permission 'aiplatform.endpoints.predict' denied on resource"),
      failure: "credential_rejected",
    },
    { status: 404, body: failure(404, "NOT_FOUND", "Publisher Model was not found"), failure: "model_not_found" },
    {
      status: 429,
      body: failure(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."),
      failure: "rate_limited",
    },
    {
      status: 400,
      body: failure(400, "INVALID_ARGUMENT", "The input token count (1048577) exceeds the maximum number of tokens"),
      failure: "context_length_exceeded",
    },
    { status: 503, body: failure(503, "UNAVAILABLE", "The service is unavailable."), failure: "overloaded" },
  ],
};
