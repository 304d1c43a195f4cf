/** A newer server: thinks in `reasoning`; an error with a number for its code, followed by [DONE]. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { composeFixtures } from "../../testing/compose-fixtures.ts";

export const fixtures: ProviderFixtures = composeFixtures({
  chunkHead: '"id":"chatcmpl-7f3a","object":"chat.completion.chunk","created":1763600000,"model":"qwen3-32b"',
  answerHead:
    '"id":"chatcmpl-7f3a","object":"chat.completion","created":1763600000,"model":"qwen3-32b","prompt_logprobs":null',
  deltas: [
    '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}',
    '{"index":0,"delta":{"reasoning":"Harbours."},"logprobs":null,"finish_reason":null,"token_ids":null}',
    '{"index":0,"delta":{"content":"Quiet."},"logprobs":null,"finish_reason":null,"token_ids":null}',
  ],
  finish:
    '{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":151645,"token_ids":null}',
  usageChoices: "",
  message: '{"role":"assistant","content":"Quiet.","refusal":null,"tool_calls":[],"reasoning":"Harbours."}',
  emptyMessage: '{"role":"assistant","content":"","refusal":null,"tool_calls":[]}',
  usageJson: '{"prompt_tokens":41,"total_tokens":53,"completion_tokens":12,"prompt_tokens_details":null}',
  usage: { input: 41, output: 12 },
  breaksWith:
    'data: {"error":{"message":"EngineCore encountered an issue.","type":"InternalServerError","param":null,"code":500}}\n\ndata: [DONE]\n\n',
  brokenAs: "server_error",
  failures: [
    {
      status: 400,
      body: '{"error":{"message":"The maximum context length is 32768 tokens.","type":"BadRequestError","param":null,"code":400}}',
      failure: "context_length_exceeded",
    },
    { status: 401, body: '{"error":"Unauthorized"}', failure: "credential_rejected" },
    {
      status: 404,
      body: '{"object":"error","message":"The model x does not exist.","type":"NotFoundError","param":null,"code":404}',
      failure: "model_not_found",
    },
  ],
  embeddings: {
    body: '{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.25,-0.5]}],"model":"bge-m3","usage":{"prompt_tokens":6,"total_tokens":6,"completion_tokens":0}}',
    usage: { input: 6 },
  },
});
