/** Reports times beside usage; thinks in `reasoning`. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"chatcmpl-c1","object":"chat.completion.chunk","created":1763600000,"model":"gpt-oss-120b","system_fingerprint":"fp_c"',
  answerHead:
    '"id":"chatcmpl-c1","object":"chat.completion","created":1763600000,"model":"gpt-oss-120b","time_info":{"queue_time":0.01}',
  deltas: [
    '{"index":0,"delta":{"role":"assistant"}}',
    '{"index":0,"delta":{"reasoning":"Harbours."}}',
    '{"index":0,"delta":{"content":"Quiet."}}',
  ],
  finish: '{"index":0,"delta":{},"finish_reason":"stop"}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","reasoning":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson:
    '{"prompt_tokens":41,"completion_tokens":12,"total_tokens":53,"prompt_tokens_details":{"cached_tokens":0}}',
  usage: { input: 41, output: 12 },
  breaksWith:
    'data: {"error":{"message":"Encountered a server error, please try again.","type":"server_error","param":"","code":""},"status_code":500}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 401,
      body: '{"message":"Wrong API Key","type":"invalid_request_error","param":"api_key","code":"wrong_api_key"}',
      failure: "credential_rejected",
    },
    {
      status: 404,
      body: '{"message":"Model x does not exist or you do not have access to it.","type":"not_found_error","param":"model","code":"model_not_found"}',
      failure: "model_not_found",
    },
    {
      status: 429,
      body: '{"message":"Requests per minute limit exceeded","type":"too_many_requests_error","param":"quota","code":"request_quota_exceeded"}',
      failure: "rate_limited",
    },
  ],
});
