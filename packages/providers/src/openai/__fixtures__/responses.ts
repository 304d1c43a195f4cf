/** A response with reasoning, text and a function call, as OpenAI streams it: numbered, every item told whole at its end. */
import type { NativeFixtures } from "../../conformance/native-fixtures.ts";

const head =
  '"id":"resp_68","object":"response","created_at":1763600000,"model":"gpt-5-mini-2025-08-07","parallel_tool_calls":true,"previous_response_id":null,"service_tier":"default","store":true,"tool_choice":"auto","tools":[]';
const reasoning = '{"id":"rs_68","type":"reasoning","encrypted_content":"gAAAAAB0","summary":[]}';
const message =
  '{"id":"msg_68","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Harbours are quiet \\u2014 港."}],"role":"assistant"}';
const call =
  '{"id":"fc_68","type":"function_call","status":"completed","arguments":"{\\"city\\":\\"Kiel\\"}","call_id":"call_1","name":"weather"}';
const usage =
  '{"input_tokens":86,"input_tokens_details":{"cached_tokens":64,"cache_write_tokens":2},"output_tokens":59,"output_tokens_details":{"reasoning_tokens":40},"total_tokens":145}';
const whole = `{${head},"status":"completed","error":null,"incomplete_details":null,"output":[${reasoning},${message},${call}],"usage":${usage}}`;

let number = 0;
function event(type: string, rest: string): string {
  return `event: ${type}\ndata: {"type":"${type}","sequence_number":${number++},${rest}}\n\n`;
}

const begun = `"response":{${head},"status":"in_progress","error":null,"output":[],"usage":null}`;
const place = '"item_id":"msg_68","output_index":1,"content_index":0';
const untilText =
  event("response.created", begun) +
  event("response.in_progress", begun) +
  event("response.output_item.added", `"output_index":0,"item":${reasoning}`) +
  event("response.output_item.done", `"output_index":0,"item":${reasoning}`) +
  event(
    "response.output_item.added",
    '"output_index":1,"item":{"id":"msg_68","type":"message","status":"in_progress","content":[],"role":"assistant"}',
  ) +
  event("response.output_text.delta", `${place},"delta":"Harbours are","logprobs":[],"obfuscation":"x9"`);
const untilEnd =
  event("response.output_text.delta", `${place},"delta":" quiet \\u2014 港.","logprobs":[],"obfuscation":"q"`) +
  event("response.output_item.done", `"output_index":1,"item":${message}`) +
  event(
    "response.output_item.added",
    '"output_index":2,"item":{"id":"fc_68","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"weather"}',
  ) +
  event(
    "response.function_call_arguments.delta",
    '"item_id":"fc_68","output_index":2,"delta":"{\\"city\\":\\"Kiel\\"}"',
  ) +
  event("response.output_item.done", `"output_index":2,"item":${call}`);
const ended = event("response.completed", `"response":${whole}`);

export const responsesFixtures: NativeFixtures = {
  client: "openai-responses",
  request: '{ "input":"\\u0068i",\t"model":"m", "max_output_tokens": 900, "x_unknown": 1e3 }',
  answer: whole,
  stream: untilText + untilEnd + ended,
  wholeAt: (untilText + untilEnd + ended).trimEnd().length,
  usage: { input: 20, cached_input: 64, cache_write_30m: 2, output: 19, reasoning: 40 },
  broken: [
    `${untilText}event: error\ndata: {"type":"error","code":"rate_limit_exceeded","message":"Slow down.","param":null,"sequence_number":6}\n\n`,
    `${untilText}event: response.failed\ndata: {"type":"response.failed","sequence_number":6,"response":{${head},"status":"failed","error":{"code":"server_error","message":"Oops."},"output":[]}}\n\n`,
  ],
};
