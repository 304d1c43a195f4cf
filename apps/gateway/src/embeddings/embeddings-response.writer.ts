import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import type { RememberedAnswer } from "../response-cache/answer-memory.ts";
import type { CompleteAnswer } from "../upstream/complete-reader.ts";

/** Writes vectors: the provider's own bytes, behind our headers. */
export function writeEmbeddings(call: Call, admitted: AdmittedCall, answer: CompleteAnswer): void {
  writeCompleteAnswer(call, answer.body, admitted.rateLimitHeaders());
}

export function replayEmbeddings(call: Call, answer: RememberedAnswer): void {
  writeCompleteAnswer(call, answer.body);
}
