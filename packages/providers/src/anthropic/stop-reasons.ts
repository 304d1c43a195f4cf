import type { FinishReason } from "../events/model-event.ts";

/** `refusal` is told apart, because its explanation reaches the client (wire formats 1.5). */
export const finishReasons: { readonly [stopReason: string]: FinishReason } = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  // A turn of server tools that wants to be continued is cut, not finished.
  pause_turn: "length",
  // Nor is one that stands still after its context was summed up.
  compaction: "length",
  refusal: "content_filter",
};
