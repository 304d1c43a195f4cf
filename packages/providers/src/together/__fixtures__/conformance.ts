/** Repeats the role in every chunk, puts the text beside the delta as well, and thinks in `reasoning`. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead: '"id":"oQ7-zqrih","object":"chat.completion.chunk","created":1763600000,"model":"Qwen/Qwen3-235B-A22B"',
  answerHead:
    '"id":"oQ7-zqrih","object":"chat.completion","created":1763600000,"model":"Qwen/Qwen3-235B-A22B","prompt":[]',
  deltas: [
    '{"index":0,"text":"","logprobs":null,"finish_reason":null,"seed":null,"delta":{"token_id":151667,"role":"assistant","content":"","reasoning":"Harbours.","tool_calls":null}}',
    '{"index":0,"text":"Quiet.","logprobs":null,"finish_reason":null,"seed":null,"delta":{"token_id":9,"role":"assistant","content":"Quiet.","tool_calls":null}}',
  ],
  finish:
    '{"index":0,"text":"","logprobs":null,"finish_reason":"eos","seed":7,"delta":{"token_id":151645,"role":"assistant","content":"","tool_calls":null}}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","reasoning":"Harbours.","tool_calls":[]}',
  emptyMessage: '{"role":"assistant","content":"","tool_calls":[]}',
  usageJson: '{"prompt_tokens":41,"completion_tokens":12,"total_tokens":53}',
  usage: { input: 41, output: 12 },
  breaksWith:
    'data: {"error":{"message":"Internal server error","type":"server_error","param":null,"code":null}}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"id":"o1","error":{"message":"Invalid API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}',
      failure: "credential_rejected",
    },
    {
      status: 402,
      body: '{"error":{"message":"Credit limit exceeded","type":"credit_limit","param":null,"code":null}}',
      failure: "credit_exhausted",
    },
    {
      status: 422,
      body: '{"error":{"message":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 32769","type":"invalid_request_error","param":"max_tokens","code":null}}',
      failure: "context_length_exceeded",
    },
    {
      status: 429,
      body: '{"error":{"message":"You have been rate limited.","type":"rate_limit","param":null,"code":null}}',
      failure: "rate_limited",
      headers: { "x-ratelimit-reset": "1" },
      retryAfterMs: 1_000,
    },
  ],
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"BAAI/bge-base-en-v1.5","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
  passthrough: { changedEvents: 1 },
});
