/** Written from its documentation alone. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"b1c2","object":"chat.completion.chunk","created":1763600000,"model":"accounts/fireworks/models/kimi-k2"',
  answerHead: '"id":"b1c2","object":"chat.completion","created":1763600000,"model":"accounts/fireworks/models/kimi-k2"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant"},"finish_reason":null}',
    '{"index":0,"delta":{"reasoning_content":"Harbours."},"finish_reason":null}',
    '{"index":0,"delta":{"content":"Quiet."},"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{},"finish_reason":"stop"}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","reasoning_content":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"prompt_tokens":41,"total_tokens":53,"completion_tokens":12,"prompt_tokens_details":{"cached_tokens":16}}',
  usage: { input: 25, cached_input: 16, output: 12 },
  breaksWith:
    'data: {"error":{"object":"error","type":"internal_server_error","code":"internal_server_error","message":"server had an error"}}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"error":{"object":"error","type":"invalid_request_error","code":"unauthorized","message":"The API key you provided is invalid."}}',
      failure: "credential_rejected",
    },
    {
      status: 402,
      body: '{"error":{"object":"error","type":"error","message":"Payment required"}}',
      failure: "credit_exhausted",
    },
    {
      status: 404,
      body: '{"error":{"object":"error","type":"error","code":"NOT_FOUND","message":"Model not found, inaccessible, and/or not deployed"}}',
      failure: "model_not_found",
    },
    {
      status: 503,
      body: '{"error":{"object":"error","type":"error","message":"Service overloaded"}}',
      failure: "overloaded",
    },
  ],
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"nomic-embed-text-v1.5","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
});
