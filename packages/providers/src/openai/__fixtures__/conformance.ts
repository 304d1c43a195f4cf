import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { quietRequest } from "../../testing/compose-fixtures.ts";

const envelope =
  '"id":"chatcmpl-CdR4kqY0","object":"chat.completion.chunk","created":1763600000,"model":"gpt-5-mini-2026-08-07"';
const tail = '"service_tier":"default","system_fingerprint":null';

function chunk(choices: string, rest = '"usage":null,"obfuscation":"x7Qp2"'): string {
  return `data: {${envelope},${tail},"choices":[${choices}],${rest}}\n\n`;
}

const usage =
  '{"prompt_tokens":1210,"completion_tokens":96,"total_tokens":1306,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":64,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}';

const untilFinish =
  chunk('{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}') +
  chunk('{"index":0,"delta":{"content":"Harbours are"},"finish_reason":null}') +
  chunk(String.raw`{"index":0,"delta":{"content":" quiet — \"usage\": none."},"finish_reason":null}`) +
  chunk('{"index":0,"delta":{},"finish_reason":"stop"}');

function answer(message: string, finishReason: string): string {
  return `{
  "id": "chatcmpl-CdR4kqY0",
  "object": "chat.completion",
  "created": 1763600000,
  "model": "gpt-5-mini-2026-08-07",
  "choices": [{ "index": 0, "message": ${message}, "logprobs": null, "finish_reason": "${finishReason}" }],
  "usage": ${usage},
  "service_tier": "default"
}
`;
}

export const fixtures: ProviderFixtures = {
  passthrough: { request: quietRequest, asksForUsage: true, usageHasItsChunk: true, changedEvents: 0 },
  chatAnswer: {
    body: answer(
      String.raw`{"role":"assistant","content":"Harbours are quiet — \"usage\": none.","refusal":null,"annotations":[]}`,
      "stop",
    ),
    usage: { input: 186, cached_input: 1_024, output: 32, reasoning: 64 },
  },
  refusal: answer('{"role":"assistant","content":null,"refusal":"I can’t help with that."}', "stop"),
  emptyAnswer: answer('{"role":"assistant","content":"","refusal":null}', "stop"),
  embeddingsAnswer: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPwAAAEA="}],"model":"text-embedding-3-small","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
  chatStream: {
    text: `${untilFinish}${chunk("", `"usage":${usage},"obfuscation":""`)}data: [DONE]\n\n`,
    wholeAt: untilFinish.trimEnd().length,
  },
  brokenStream: {
    text: `${chunk('{"index":0,"delta":{"content":"Harb"},"finish_reason":null}')}data: {"error":{"message":"The server had an error while processing your request.","type":"server_error","param":null,"code":null}}\n\n`,
    failure: "server_error",
  },
  failures: [
    {
      status: 429,
      headers: { "retry-after-ms": "120", "retry-after": "1", "x-ratelimit-reset-requests": "120ms" },
      body: '{"error":{"message":"Rate limit reached for gpt-5-mini","type":"requests","param":null,"code":"rate_limit_exceeded"}}',
      failure: "rate_limited",
      retryAfterMs: 1_000,
    },
    {
      status: 429,
      body: '{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
      failure: "credit_exhausted",
    },
    {
      status: 401,
      body: '{"error":{"message":"Incorrect API key provided: sk-proj-****.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
      failure: "credential_rejected",
    },
    {
      status: 404,
      body: '{"error":{"message":"The model `gpt-9` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}',
      failure: "model_not_found",
    },
    {
      status: 400,
      body: '{"error":{"message":"Unsupported parameter: \'max_tokens\' is not supported with this model.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}',
      failure: "invalid_request",
    },
    {
      status: 400,
      body: '{"error":{"message":"Input tokens exceed the configured limit.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}',
      failure: "context_length_exceeded",
    },
    { status: 500, body: "Internal Server Error", failure: "server_error" },
    {
      status: 503,
      body: '{"error":{"message":"That model is currently overloaded.","type":"server_error","param":null,"code":null}}',
      failure: "overloaded",
    },
  ],
};
