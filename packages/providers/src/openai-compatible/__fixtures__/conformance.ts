/** As vLLM writes it: usage without details, error codes that are numbers, an error followed by [DONE]. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";
import { quietRequest } from "../../testing/compose-fixtures.ts";

const envelope = '"id":"chatcmpl-7f3a","object":"chat.completion.chunk","created":1763600000,"model":"qwen3-32b"';

function chunk(choices: string, rest = ""): string {
  return `data: {${envelope},"choices":[${choices}]${rest}}\n\n`;
}

const usage = '{"prompt_tokens":41,"total_tokens":53,"completion_tokens":12,"prompt_tokens_details":null}';

const untilFinish =
  chunk('{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}') +
  chunk('{"index":0,"delta":{"reasoning_content":"A harbour…"},"logprobs":null,"finish_reason":null}') +
  chunk('{"index":0,"delta":{"content":"港は静かです"},"logprobs":null,"finish_reason":null}') +
  chunk('{"index":0,"delta":{"content":""},"logprobs":null,"finish_reason":"stop","stop_reason":null}');

function answer(message: string): string {
  return `{"id":"chatcmpl-7f3a","object":"chat.completion","created":1763600000,"model":"qwen3-32b","choices":[{"index":0,"message":${message},"logprobs":null,"finish_reason":"stop","stop_reason":null}],"usage":${usage},"prompt_logprobs":null}`;
}

export const fixtures: ProviderFixtures = {
  passthrough: { request: quietRequest, asksForUsage: true, usageHasItsChunk: true, changedEvents: 0 },
  chatAnswer: {
    body: answer('{"role":"assistant","reasoning_content":"A harbour…","content":"港は静かです","tool_calls":[]}'),
    usage: { input: 41, output: 12 },
  },
  refusal: answer('{"role":"assistant","content":null,"refusal":"I cannot help with that.","tool_calls":[]}'),
  emptyAnswer: answer('{"role":"assistant","reasoning_content":null,"content":"","tool_calls":[]}'),
  embeddingsAnswer: {
    body: '{"id":"embd-1","object":"list","created":1763600000,"model":"bge-m3","data":[{"index":0,"object":"embedding","embedding":[0.01,-0.2]}],"usage":{"prompt_tokens":6,"total_tokens":6,"completion_tokens":0,"prompt_tokens_details":null}}',
    usage: { input: 6 },
  },
  chatStream: {
    text: `${untilFinish}${chunk("", `,"usage":${usage}`)}data: [DONE]\n\n`,
    wholeAt: untilFinish.trimEnd().length,
  },
  brokenStream: {
    text: `${chunk('{"index":0,"delta":{"content":"港"},"logprobs":null,"finish_reason":null}')}data: {"error":{"object":"error","message":"EngineCore encountered an issue.","type":"InternalServerError","param":null,"code":500}}\n\ndata: [DONE]\n\n`,
    failure: "server_error",
  },
  failures: [
    {
      status: 400,
      body: '{"object":"error","message":"This model\'s maximum context length is 32768 tokens. However, you requested 40000 tokens.","type":"BadRequestError","param":null,"code":400}',
      failure: "context_length_exceeded",
    },
    {
      status: 404,
      body: '{"error":{"message":"The model `qwen9` does not exist.","type":"NotFoundError","param":"model","code":404}}',
      failure: "model_not_found",
    },
    { status: 401, body: '{"error":"Unauthorized"}', failure: "credential_rejected" },
    {
      status: 422,
      body: '{"detail":[{"loc":["body","messages"],"msg":"Field required","type":"missing"}]}',
      failure: "invalid_request",
    },
    { status: 429, body: "", headers: { "retry-after": "2" }, failure: "rate_limited", retryAfterMs: 2_000 },
    { status: 502, body: "<html><body>Bad Gateway</body></html>", failure: "server_error" },
    { status: 503, body: '{"error":"model is loading"}', failure: "overloaded" },
  ],
};
