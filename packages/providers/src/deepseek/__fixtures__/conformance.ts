/** Keeps waiting clients company with comments; thinks aloud in `reasoning_content`. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"9f1d8f2c","object":"chat.completion.chunk","created":1763600000,"model":"deepseek-v4-flash","system_fingerprint":"fp_a1"',
  answerHead:
    '"id":"9f1d8f2c","object":"chat.completion","created":1763600000,"model":"deepseek-v4-flash","system_fingerprint":"fp_a1"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":""},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"content":null,"reasoning_content":"Harbours."},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"content":"Quiet.","reasoning_content":null},"logprobs":null,"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{"content":"","reasoning_content":null},"logprobs":null,"finish_reason":"stop"}',
  usageChoices: null,
  message: '{"role":"assistant","content":"Quiet.","reasoning_content":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":25},"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}',
  usage: { input: 36, cached_input: 64, output: 15, reasoning: 25 },
  breaksWith:
    ': keep-alive\n\ndata: {"id":"9f1d8f2c","object":"chat.completion.chunk","model":"deepseek-v4-flash","choices":[{"index":0,"delta":{"content":""},"finish_reason":"insufficient_system_resource"}]}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"error":{"message":"Authentication Fails (no such user)","type":"authentication_error","param":null,"code":"invalid_request_error"}}',
      failure: "credential_rejected",
    },
    {
      status: 402,
      body: '{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}',
      failure: "credit_exhausted",
    },
    {
      status: 422,
      body: '{"error":{"message":"Failed to deserialize the JSON body","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}',
      failure: "invalid_request",
    },
    { status: 503, body: "", failure: "overloaded" },
  ],
  finishTail:
    ',"usage":{"prompt_tokens":100,"completion_tokens":40,"total_tokens":140,"prompt_tokens_details":{"cached_tokens":64},"completion_tokens_details":{"reasoning_tokens":25},"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}',
});
