/** Errors as plain strings; one tool call with the id "0"; an error in a stream is followed by [DONE]. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"","object":"chat.completion.chunk","created":1763600000,"model":"tgi","system_fingerprint":"3.3.6-sha-1"',
  answerHead:
    '"id":"","object":"chat.completion","created":1763600000,"model":"tgi","system_fingerprint":"3.3.6-sha-1"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"0","type":"function","function":{"name":"weather","arguments":""}}]},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"0","type":"function","function":{"name":null,"arguments":"{}"}}]},"logprobs":null,"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":"stop_sequence"}',
  usageChoices: "",
  message:
    '{"role":"assistant","tool_calls":[{"id":"0","type":"function","function":{"description":null,"name":"weather","arguments":"{}"}}]}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson: '{"prompt_tokens":41,"completion_tokens":12,"total_tokens":53}',
  usage: { input: 41, output: 12 },
  breaksWith:
    'data: {"error":{"message":"Request failed during generation: out of memory","http_status_code":424}}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 422,
      body: '{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens","error_type":"validation"}',
      failure: "context_length_exceeded",
    },
    {
      status: 422,
      body: '{"error":"Template error: template not found","error_type":"template_error"}',
      failure: "invalid_request",
    },
    {
      status: 424,
      body: '{"error":"Request failed during generation: Server error","error_type":"generation"}',
      failure: "server_error",
    },
    { status: 429, body: '{"error":"Model is overloaded","error_type":"overloaded"}', failure: "overloaded" },
  ],
  passthrough: { changedEvents: 4 },
});
