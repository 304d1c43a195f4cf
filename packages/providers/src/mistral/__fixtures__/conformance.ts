/** Usage rides in the finish chunk; content may be a list of parts, thinking first. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"cmpl-e5cc70bb","object":"chat.completion.chunk","created":1763600000,"model":"magistral-small-2509"',
  answerHead: '"id":"cmpl-e5cc70bb","object":"chat.completion","created":1763600000,"model":"magistral-small-2509"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}',
    '{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"A harbour."}]}]},"finish_reason":null}',
    '{"index":0,"delta":{"content":"Quiet."},"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{"content":"","tool_calls":null},"finish_reason":"stop"}',
  usageChoices: null,
  message:
    '{"role":"assistant","tool_calls":null,"content":[{"type":"thinking","thinking":[{"type":"text","text":"A harbour."}]},{"type":"text","text":"Quiet."}]}',
  emptyMessage: '{"role":"assistant","tool_calls":null,"content":""}',
  usageJson:
    '{"prompt_tokens":120,"total_tokens":150,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":64}}',
  usage: { input: 56, cached_input: 64, output: 30 },
  breaksWith:
    'data: {"id":"cmpl-e5cc70bb","object":"chat.completion.chunk","model":"magistral-small-2509","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    { status: 401, body: '{"detail":"Unauthorized"}', failure: "credential_rejected" },
    {
      status: 422,
      body: '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","param":null,"code":null}',
      failure: "invalid_request",
    },
    {
      status: 400,
      body: '{"object":"error","message":"Prompt contains 40000 tokens, too large for model with 32768 maximum context length","type":"invalid_request_prompt","param":null,"code":"3051"}',
      failure: "context_length_exceeded",
    },
    {
      status: 429,
      body: '{"object":"error","message":"Service tier capacity exceeded for this model.","type":"service_tier_capacity_exceeded","param":null,"code":"3505"}',
      failure: "rate_limited",
    },
  ],
  finishTail:
    ',"usage":{"prompt_tokens":120,"total_tokens":150,"completion_tokens":30,"prompt_tokens_details":{"cached_tokens":64}}',
  passthrough: { changedEvents: 1, asksForUsage: false },
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"mistral-embed","usage":{"prompt_tokens":6,"total_tokens":6,"completion_tokens":0}}',
    usage: { input: 6 },
  },
});
