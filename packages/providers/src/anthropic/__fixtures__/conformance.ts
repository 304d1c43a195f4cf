/** Thinking, text and usage as the Messages API streams them: pings anywhere, usage in two reports. */
import type { ProviderFixtures } from "../../conformance/provider-fixtures.ts";

function event(type: string, rest: string): string {
  return `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
}

const startUsage =
  '{"input_tokens":21,"cache_creation_input_tokens":300,"cache_read_input_tokens":1024,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":1,"service_tier":"standard"}';
const endUsage =
  '{"input_tokens":21,"cache_creation_input_tokens":300,"cache_read_input_tokens":1024,"output_tokens":48,"output_tokens_details":{"thinking_tokens":30}}';
const wholeUsage = `${startUsage.slice(0, -1).replace('"output_tokens":1', '"output_tokens":48,"output_tokens_details":{"thinking_tokens":30}')}}`;

function start(usage = startUsage): string {
  return event(
    "message_start",
    `,"message":{"id":"msg_01H","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":[],"stop_reason":null,"stop_sequence":null,"usage":${usage}}`,
  );
}

const untilStopReason =
  start() +
  event("content_block_start", ',"index":0,"content_block":{"type":"thinking","thinking":"","signature":""}') +
  event("ping", "") +
  event("content_block_delta", ',"index":0,"delta":{"type":"thinking_delta","thinking":"A harbour…"}') +
  event("content_block_delta", ',"index":0,"delta":{"type":"signature_delta","signature":"EqQB"}') +
  event("content_block_stop", ',"index":0 ') +
  event("content_block_start", ',"index":1,"content_block":{"type":"text","text":""}         ') +
  event("content_block_delta", ',"index":1,"delta":{"type":"text_delta","text":"Harbours are"}  ') +
  event("content_block_delta", ',"index":1,"delta":{"type":"text_delta","text":" quiet — 港."}') +
  event("content_block_stop", ',"index":1') +
  event("message_delta", `,"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":${endUsage}`);

function message(content: string, stopReason: string, rest = ""): string {
  return `{"id":"msg_01H","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001","content":${content},"stop_reason":"${stopReason}","stop_sequence":null${rest},"usage":${wholeUsage}}`;
}

function failure(type: string, text: string, details = ""): string {
  return `{"type":"error","error":{"type":"${type}","message":"${text}"${details}},"request_id":"req_011"}`;
}

export const fixtures: ProviderFixtures = {
  passthrough: null,
  chatAnswer: {
    body: message(
      '[{"type":"thinking","thinking":"A harbour…","signature":"EqQB"},{"type":"text","text":"Harbours are quiet — 港."}]',
      "end_turn",
    ),
    usage: { input: 21, cached_input: 1_024, cache_write_5m: 200, cache_write_1h: 100, output: 18, reasoning: 30 },
  },
  refusal: message("[]", "refusal", ',"stop_details":{"category":"cyber","explanation":"I cannot help with that."}'),
  emptyAnswer: message("[]", "end_turn"),
  chatStream: { text: untilStopReason + event("message_stop", ""), wholeAt: untilStopReason.trimEnd().length },
  brokenStream: {
    text:
      start() +
      event("content_block_start", ',"index":0,"content_block":{"type":"text","text":""}') +
      event("content_block_delta", ',"index":0,"delta":{"type":"text_delta","text":"Harb"}') +
      event("error", ',"error":{"type":"overloaded_error","message":"Overloaded"}'),
    failure: "overloaded",
  },
  failures: [
    { status: 400, body: failure("invalid_request_error", "temperature: range: 0..1"), failure: "invalid_request" },
    {
      status: 400,
      body: failure("invalid_request_error", "prompt is too long: 215000 tokens > 200000 maximum"),
      failure: "context_length_exceeded",
    },
    {
      status: 400,
      body: failure("invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
      failure: "credit_exhausted",
    },
    {
      status: 400,
      body: failure("invalid_request_error", "You have reached your specified API usage limits."),
      failure: "credit_exhausted",
    },
    { status: 401, body: failure("authentication_error", "invalid x-api-key"), failure: "credential_rejected" },
    { status: 403, body: failure("permission_error", "no access to this"), failure: "credential_rejected" },
    { status: 404, body: failure("not_found_error", "model: claude-9"), failure: "model_not_found" },
    { status: 413, body: failure("request_too_large", "Request exceeds the maximum size"), failure: "invalid_request" },
    {
      status: 429,
      headers: { "retry-after": "17" },
      body: failure("rate_limit_error", "This request would exceed your rate limit"),
      failure: "rate_limited",
      retryAfterMs: 17_000,
    },
    {
      status: 429,
      body: failure("rate_limit_error", "Limit reached", ',"details":{"error_code":"enforced_spend_limit_reached"}'),
      failure: "credit_exhausted",
    },
    { status: 500, body: failure("api_error", "Internal server error"), failure: "server_error" },
    { status: 529, body: failure("overloaded_error", "Overloaded"), failure: "overloaded" },
  ],
};
