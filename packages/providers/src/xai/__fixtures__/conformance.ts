/** Reasoning is counted on top of the completion; errors are plain strings, and a bad key is a 400. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"5f1c","object":"chat.completion.chunk","created":1763600000,"model":"grok-4-fast-reasoning","system_fingerprint":"fp_9"',
  answerHead:
    '"id":"5f1c","object":"chat.completion","created":1763600000,"model":"grok-4-fast-reasoning","system_fingerprint":"fp_9"',
  deltas: [
    '{"index":0,"delta":{"reasoning_content":"Harbours.","role":"assistant"}}',
    '{"index":0,"delta":{"content":"Quiet.","role":"assistant"}}',
  ],
  finish: '{"index":0,"delta":{"content":"","role":"assistant"},"finish_reason":"stop"}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","reasoning_content":"Harbours.","refusal":null}',
  emptyMessage: '{"role":"assistant","content":"","refusal":null}',
  usageJson:
    '{"prompt_tokens":30,"completion_tokens":10,"total_tokens":140,"prompt_tokens_details":{"text_tokens":30,"audio_tokens":0,"image_tokens":0,"cached_tokens":10},"completion_tokens_details":{"reasoning_tokens":100,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0},"num_sources_used":0}',
  usage: { input: 20, cached_input: 10, output: 10, reasoning: 100 },
  breaksWith: 'data: {"code":"The service is currently unavailable","error":"The model is at capacity."}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 400,
      body: '{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***45. You can obtain an API key from https://console.x.ai."}',
      failure: "credential_rejected",
    },
    {
      status: 404,
      body: '{"code":"Some requested entity was not found","error":"The model grok-9 does not exist."}',
      failure: "model_not_found",
    },
    {
      status: 429,
      body: '{"code":"Some resource has been exhausted","error":"Too many requests"}',
      failure: "rate_limited",
    },
  ],
  passthrough: { changedEvents: 1 },
});
