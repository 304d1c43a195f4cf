/** Text in blocks with a start and an end, usage in the last event, billed units below what was read, then `[DONE]`. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";

const usage =
  '{"billed_units":{"input_tokens":20,"output_tokens":12},"tokens":{"input_tokens":512,"output_tokens":14,"reasoning_tokens":4},"cached_tokens":16}';

function event(type: string, rest: string): string {
  return `event: ${type}\ndata: {"type":"${type}",${rest}}\n\n`;
}

function content(index: number, content: string): string {
  return `"index":${index},"delta":{"message":{"content":${content}}}`;
}

const start = event(
  "message-start",
  '"id":"29f1","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}',
);
const text =
  event("content-start", content(0, '{"type":"thinking","thinking":""}')) +
  event("content-delta", content(0, '{"thinking":"A harbour…"}')) +
  event("content-end", '"index":0') +
  event("content-start", content(1, '{"type":"text","text":""}')) +
  event("content-delta", content(1, '{"text":"Harbours are"}')) +
  event("content-delta", content(1, '{"text":" quiet — 港."}')) +
  event("citation-start", '"index":0,"delta":{"message":{"citations":{"start":0,"end":8,"text":"Harbours"}}}') +
  event("citation-end", '"index":0') +
  event("content-end", '"index":1');
const untilEnd = start + text + event("message-end", `"delta":{"finish_reason":"COMPLETE","usage":${usage}}`);

function answer(content: string): string {
  return `{"id":"29f1","message":{"role":"assistant","content":${content}},"finish_reason":"COMPLETE","usage":${usage}}`;
}

function failure(message: string): string {
  return `{"id":"b1","message":"${message}"}`;
}

export const fixtures: ProviderFixtures = {
  passthrough: null,
  embeddingsAnswer: {
    body: '{"id":"e1","embeddings":{"float":[[0.5,-1]]},"texts":["Harbour"],"meta":{"api_version":{"version":"2"},"billed_units":{"input_tokens":6}},"response_type":"embeddings_by_type"}',
    usage: { input: 6 },
  },
  chatAnswer: {
    body: answer('[{"type":"thinking","thinking":"A harbour…"},{"type":"text","text":"Harbours are quiet — 港."}]'),
    usage: { input: 4, cached_input: 16, output: 8, reasoning: 4 },
  },
  refusal: null,
  emptyAnswer: answer("[]"),
  chatStream: { text: `${untilEnd}data: [DONE]\n\n`, wholeAt: untilEnd.trimEnd().length },
  brokenStream: {
    text:
      start +
      event("content-delta", content(0, '{"text":"Harb"}')) +
      event("message-end", '"delta":{"finish_reason":"ERROR","error":"stream failed","usage":{}}'),
    failure: "server_error",
  },
  failures: [
    { status: 401, body: failure("invalid api token"), failure: "credential_rejected" },
    { status: 404, body: failure("model 'command-old' was removed"), failure: "model_not_found" },
    {
      status: 400,
      body: failure("too many tokens: size limit exceeded by 11 tokens"),
      failure: "context_length_exceeded",
    },
    {
      status: 422,
      body: failure("invalid request: all elements in tools must have a name"),
      failure: "invalid_request",
    },
    {
      status: 429,
      headers: { "retry-after": "2" },
      body: failure("You are past the per minute request limit"),
      failure: "rate_limited",
      retryAfterMs: 2_000,
    },
    { status: 499, body: failure("request cancelled"), failure: "server_error" },
    { status: 503, body: failure("service unavailable"), failure: "overloaded" },
    { status: 504, body: failure("timed out"), failure: "timeout" },
  ],
};
