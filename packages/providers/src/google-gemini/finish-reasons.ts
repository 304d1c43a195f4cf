import type { FinishReason } from "../events/model-event.ts";

/**
 * What is missing here is no good ending: a malformed call, an answer that only tools may continue, or a reason that
 * nobody here knows (wire formats 1.5).
 */
export const finishReasons: { readonly [finishReason: string]: FinishReason } = {
  STOP: "stop",
  MAX_TOKENS: "length",
  // The rest of the answer would have to be asked for.
  CONTINUATION: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  LANGUAGE: "content_filter",
  MODEL_ARMOR: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
  IMAGE_OTHER: "content_filter",
};
