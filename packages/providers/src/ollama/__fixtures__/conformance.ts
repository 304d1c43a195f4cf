/** Its `/v1`: no details in usage; a call of a tool comes whole. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead:
    '"id":"chatcmpl-512","object":"chat.completion.chunk","created":1763600000,"model":"qwen3:8b","system_fingerprint":"fp_ollama"',
  answerHead:
    '"id":"chatcmpl-512","object":"chat.completion","created":1763600000,"model":"qwen3:8b","system_fingerprint":"fp_ollama"',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Harbours."},"finish_reason":null}',
    '{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_1","index":0,"type":"function","function":{"name":"weather","arguments":"{}"}}]},"finish_reason":null}',
  ],
  finish: '{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"tool_calls"}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","reasoning":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":""}',
  usageJson: '{"prompt_tokens":41,"completion_tokens":12,"total_tokens":53}',
  usage: { input: 41, output: 12 },
  breaksWith:
    'data: {"error":{"message":"llama runner process has terminated","type":"api_error","param":null,"code":null}}\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 400,
      body: '{"error":{"message":"invalid image input","type":"invalid_request_error","param":null,"code":null}}',
      failure: "invalid_request",
    },
    {
      status: 404,
      body: '{"error":{"message":"model \\"x\\" not found, try pulling it first","type":"not_found_error","param":null,"code":null}}',
      failure: "model_not_found",
    },
    {
      status: 503,
      body: '{"error":{"message":"server busy, please try again.","type":"api_error","param":null,"code":null}}',
      failure: "overloaded",
    },
  ],
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"nomic-embed-text","usage":{"prompt_tokens":6,"total_tokens":6}}',
    usage: { input: 6 },
  },
  passthrough: { changedEvents: 2 },
});
