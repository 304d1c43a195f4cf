/** `usage` is null until the last chunk; later pieces of a tool call repeat an empty id. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"chatcmpl-3a1b","object":"chat.completion.chunk","created":1763600000,"model":"qwen3-max","system_fingerprint":null',
  answerHead:
    '"id":"chatcmpl-3a1b","object":"chat.completion","created":1763600000,"model":"qwen3-max","system_fingerprint":null',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_b1","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"tool_calls":[{"index":0,"id":"","type":"function","function":{"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"tool_calls"}',
  usageChoices: "",
  message:
    '{"role":"assistant","content":"","tool_calls":[{"index":0,"id":"call_b1","type":"function","function":{"name":"weather","arguments":"{}"}}]}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"prompt_tokens":40,"completion_tokens":12,"total_tokens":52,"prompt_tokens_details":{"cached_tokens":16}}',
  usage: { input: 24, cached_input: 16, output: 12 },
  breaksWith:
    'data: {"error":{"code":"data_inspection_failed","param":null,"message":"Output data may contain inappropriate content.","type":"data_inspection_failed"},"id":"chatcmpl-3a1b"}\n\n',
  brokenAs: "content_filtered",
  failures: [
    {
      status: 401,
      body: '{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
      failure: "credential_rejected",
    },
    {
      status: 400,
      body: '{"error":{"code":"data_inspection_failed","param":null,"message":"Input data may contain inappropriate content.","type":"data_inspection_failed"}}',
      failure: "content_filtered",
    },
    {
      status: 400,
      body: '{"code":"InvalidParameter","message":"Range of input length should be [1, 30720]","request_id":"0c1"}',
      failure: "context_length_exceeded",
    },
    {
      status: 429,
      body: '{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}',
      failure: "rate_limited",
    },
  ],
  deltaTail: ',"usage":null',
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"text-embedding-v4","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
  passthrough: { changedEvents: 1 },
});
