import type { FinishReason } from "../events/model-event.ts";

/** Finish reasons by which servers of this protocol say that generation failed (wire formats 1.5). */
const failedFinishes: ReadonlySet<string | null> = new Set([
  "error",
  "abort",
  "insufficient_system_resource",
  "malformed_function_call",
  "network_error",
  "timeout",
  "cancelled",
  "aborted",
]);

/** Whether a server says of a choice that it has not ended: with nothing, no word at all, or null in quotes. */
export function isUnfinished(told: unknown): told is undefined | null | "" | "null" {
  return told === undefined || told === null || told === "" || told === "null";
}

export function isFailedFinish(finishReason: string | null): boolean {
  return failedFinishes.has(finishReason);
}

const finishReasons: { readonly [finishReason: string]: FinishReason } = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  stop_sequence: "stop",
  end_turn: "stop",
  complete: "stop",
  length: "length",
  max_tokens: "length",
  max_output_tokens: "length",
  max_new_tokens: "length",
  model_length: "length",
  model_context_window_exceeded: "length",
  // vLLM stopped a model that went round in circles: the answer was cut.
  repetition: "length",
  tool_calls: "tool_calls",
  tool_use: "tool_calls",
  tool_call: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
  content_filtered: "content_filter",
  guardrail_intervened: "content_filter",
  refusal: "content_filter",
  safety: "content_filter",
  recitation: "content_filter",
  prohibited_content: "content_filter",
  blocklist: "content_filter",
  sensitive: "content_filter",
};

/**
 * A call of a tool is never a plain stop. Nor is an answer without one a call: clients would wait for it, or ask again and
 * again with no result to give.
 */
export function withCalls(finish: FinishReason, hasCalls: boolean): FinishReason {
  if (hasCalls) return finish === "stop" ? "tool_calls" : finish;
  return finish === "tool_calls" ? "stop" : finish;
}

/**
 * OpenAI's word for a finish reason of any server of this protocol (wire formats 1.5); Gemini's adds its own after a colon.
 * Undefined for one that nobody here knows, which must not pass for a good ending.
 */
export function openAiFinish(finishReason: string): FinishReason | undefined {
  const [word = ""] = finishReason.split(":", 1);
  const name = word.toLowerCase();
  return Object.hasOwn(finishReasons, name) ? finishReasons[name] : undefined;
}
