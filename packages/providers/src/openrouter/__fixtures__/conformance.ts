/** Comments while it waits, and a usage chunk that repeats the choice and its finish. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"gen-176","object":"chat.completion.chunk","created":1763600000,"model":"anthropic/claude-haiku-4.5","provider":"Anthropic"',
  answerHead:
    '"id":"gen-176","object":"chat.completion","created":1763600000,"model":"anthropic/claude-haiku-4.5","provider":"Anthropic"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Harbours.","reasoning_details":[{"type":"reasoning.text","text":"Harbours.","format":"anthropic-claude-v1","index":0}]},"finish_reason":null,"native_finish_reason":null,"logprobs":null}',
    '{"index":0,"delta":{"role":"assistant","content":"Quiet."},"finish_reason":null,"native_finish_reason":null,"logprobs":null}',
  ],
  finish:
    '{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"end_turn","logprobs":null}',
  usageChoices:
    '{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"end_turn","logprobs":null}',
  message: '{"role":"assistant","content":"Quiet.","refusal":null,"reasoning":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":"","refusal":null,"reasoning":null}',
  usageJson:
    '{"prompt_tokens":50,"completion_tokens":20,"total_tokens":70,"cost":0.0011,"is_byok":false,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"cost_details":{"upstream_inference_cost":null},"completion_tokens_details":{"reasoning_tokens":5}}',
  usage: { input: 50, output: 15, reasoning: 5 },
  breaksWith:
    ': OPENROUTER PROCESSING\n\ndata: {"id":"gen-176","object":"chat.completion.chunk","provider":"Anthropic","choices":[{"index":0,"delta":{"content":""},"finish_reason":"length","native_finish_reason":"length"}]}\n\ndata: {"id":"gen-176","error":{"code":502,"message":"Upstream error"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"error":{"message":"No auth credentials found","code":401}}',
      failure: "credential_rejected",
    },
    { status: 402, body: '{"error":{"message":"Insufficient credits","code":402}}', failure: "credit_exhausted" },
    { status: 404, body: '{"error":{"message":"No endpoints found for x/y.","code":404}}', failure: "model_not_found" },
    {
      status: 429,
      body: '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"rate-limited upstream","provider_name":"Chutes"}}}',
      failure: "rate_limited",
    },
  ],
  passthrough: { changedEvents: 1, usageHasItsChunk: true },
});
