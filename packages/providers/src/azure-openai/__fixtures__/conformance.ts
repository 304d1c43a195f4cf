/** A first chunk with the prompt's filter results and no choices, results beside every delta, and in chunks of their own. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

const safe = '{"hate":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}';
const fixtureParts = composeFixtures({
  chunkHead:
    '"id":"chatcmpl-Cq1","object":"chat.completion.chunk","created":1763600000,"model":"gpt-5-mini-2026-08-07","system_fingerprint":"fp_7"',
  answerHead:
    '"id":"chatcmpl-Cq1","object":"chat.completion","created":1763600000,"model":"gpt-5-mini-2026-08-07","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null,"content_filter_results":{}}',
    `{"index":0,"delta":{"content":"Quiet."},"finish_reason":null,"content_filter_results":${safe}}`,
  ],
  finish: '{"index":0,"delta":{},"finish_reason":"stop","content_filter_results":{}}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","refusal":null,"annotations":[]}',
  choiceTail: `,"logprobs":null,"content_filter_results":${safe}`,
  emptyMessage: '{"role":"assistant","content":"","refusal":null}',
  usageJson:
    '{"prompt_tokens":30,"completion_tokens":25,"total_tokens":55,"prompt_tokens_details":{"cached_tokens":10,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":15,"audio_tokens":0}}',
  usage: { input: 20, cached_input: 10, output: 10, reasoning: 15 },
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-1]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
  breaksWith:
    'data: {"error":{"message":"The server had an error.","type":"server_error","param":null,"code":null}}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}',
      failure: "credential_rejected",
    },
    {
      status: 404,
      body: '{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}',
      failure: "model_not_found",
    },
    {
      status: 400,
      body: '{"error":{"message":"The response was filtered.","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"}}}}}',
      failure: "content_filtered",
    },
    {
      status: 429,
      headers: { "retry-after": "12" },
      body: '{"error":{"code":"429","message":"Requests have exceeded the call rate limit. Please retry after 12 seconds."}}',
      failure: "rate_limited",
      retryAfterMs: 12_000,
    },
    {
      status: 429,
      headers: { "retry-after-ms": "350" },
      body: '{"error":{"code":"RateLimitReached","message":"Rate limit is exceeded."}}',
      failure: "rate_limited",
      retryAfterMs: 350,
    },
    {
      status: 500,
      body: '{"error":{"code":"InternalServerError","message":"Backend error."}}',
      failure: "server_error",
    },
  ],
});

const promptFilter =
  'data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}\n\n';

export const fixtures: ProviderFixtures = {
  ...fixtureParts,
  chatStream: {
    text: promptFilter + String(fixtureParts.chatStream.text),
    wholeAt: promptFilter.length + fixtureParts.chatStream.wholeAt,
  },
};
