/** Usage in `x_groq` of the finish chunk, asked for or not; a failed tool call comes as a named error event. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"chatcmpl-77a1","object":"chat.completion.chunk","created":1763600000,"model":"openai/gpt-oss-120b","system_fingerprint":"fp_e1"',
  answerHead:
    '"id":"chatcmpl-77a1","object":"chat.completion","created":1763600000,"model":"openai/gpt-oss-120b","x_groq":{"id":"req_01"}',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":"","channel":"analysis"},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"reasoning":"Harbours.","channel":"analysis"},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"content":"Quiet."},"logprobs":null,"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}',
  usageChoices: null,
  message: '{"role":"assistant","content":"Quiet.","reasoning":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"queue_time":0.02,"prompt_tokens":60,"prompt_time":0.001,"completion_tokens":20,"completion_time":0.03,"total_tokens":80,"total_time":0.031,"completion_tokens_details":{"reasoning_tokens":8}}',
  usage: { input: 60, output: 12, reasoning: 8 },
  breaksWith:
    'event: error\ndata: {"error":{"message":"Failed to call a function. Please adjust your prompt.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"{"}}\n\n',
  brokenAs: "malformed_response",
  failures: [
    {
      status: 400,
      body: '{"error":{"message":"Failed to call a function.","type":"invalid_request_error","code":"tool_use_failed","failed_generation":"x"}}',
      failure: "malformed_response",
    },
    {
      status: 401,
      body: '{"error":{"message":"Invalid API Key","type":"invalid_request_error","code":"invalid_api_key"}}',
      failure: "credential_rejected",
    },
    {
      status: 429,
      body: '{"error":{"message":"Rate limit reached for model","type":"tokens","code":"rate_limit_exceeded"}}',
      failure: "rate_limited",
      headers: { "retry-after": "3" },
      retryAfterMs: 3000,
    },
    {
      status: 498,
      body: '{"error":{"message":"Flex capacity exceeded","type":"capacity_exceeded","code":"capacity_exceeded"}}',
      failure: "overloaded",
    },
  ],
  finishTail:
    ',"x_groq":{"id":"req_01","usage":{"queue_time":0.02,"prompt_tokens":60,"prompt_time":0.001,"completion_tokens":20,"completion_time":0.03,"total_tokens":80,"total_time":0.031,"completion_tokens_details":{"reasoning_tokens":8}}}',
  passthrough: { changedEvents: 1, usageHasItsChunk: true },
});
