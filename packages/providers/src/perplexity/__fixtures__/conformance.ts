/** Every chunk repeats the message so far; the last one carries usage; nothing marks the end. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"ea3f","model":"sonar-deep-research","created":1763600000,"object":"chat.completion.chunk","citations":["https://example.org/"]',
  answerHead:
    '"id":"ea3f","model":"sonar-deep-research","created":1763600000,"object":"chat.completion","citations":["https://example.org/"]',
  deltas: [
    '{"index":0,"finish_reason":null,"message":{"role":"assistant","content":"Qui"},"delta":{"role":"assistant","content":"Qui"}}',
    '{"index":0,"finish_reason":null,"message":{"role":"assistant","content":"Quiet."},"delta":{"role":"assistant","content":"et."}}',
  ],
  finish:
    '{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Quiet."},"delta":{"role":"assistant","content":""}}',
  usageChoices: null,
  message: '{"role":"assistant","content":"Quiet."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"prompt_tokens":33,"completion_tokens":60,"total_tokens":93,"citation_tokens":200,"num_search_queries":3,"reasoning_tokens":500}',
  usage: { input: 233, output: 60, reasoning: 500 },
  breaksWith:
    ': ping - 2026-11-20\n\ndata: {"error":{"message":"Something went wrong","type":"internal_error","code":500}}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 400,
      body: '{"error":{"message":"Too many tokens in the prompt","type":"too_many_prompt_tokens","code":400}}',
      failure: "context_length_exceeded",
    },
    {
      status: 401,
      body: '{"error":{"message":"Invalid API key provided.","type":"invalid_api_key","code":401}}',
      failure: "credential_rejected",
    },
    {
      status: 429,
      body: '{"error":{"message":"Request rate limit exceeded","type":"request_rate_limit_exceeded","code":429}}',
      failure: "rate_limited",
    },
  ],
  finishTail:
    ',"usage":{"prompt_tokens":33,"completion_tokens":60,"total_tokens":93,"citation_tokens":200,"num_search_queries":3,"reasoning_tokens":500}',
  endsWithDone: false,
  passthrough: { changedEvents: 2, asksForUsage: false },
});
