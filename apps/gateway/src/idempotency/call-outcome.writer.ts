import { answerHeaders, costHeader } from "../accept/answer-headers.ts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { CallOutcome } from "./call-outcome.ts";

/**
 * Tells a retry how the call that it repeats ended: with that answer, byte for byte, or with an error. Throws GatewayError:
 * the code that the first call failed with, idempotency_answer_not_kept, idempotency_outcome_lost.
 */
export function writeCallOutcome(call: Call, outcome: CallOutcome): void {
  const { requestId } = outcome;
  call.because.push({ code: "repeated_call", text: `The call ${requestId} had the same Idempotency-Key.` });
  if (outcome.kind === "lost") {
    throw new GatewayError(
      "idempotency_outcome_lost",
      `How the call ${requestId} with this Idempotency-Key ended is not known; it may have been billed. Send a new key to ask again.`,
    );
  }
  if (outcome.kind === "failed") {
    const text = `The call ${requestId} with this Idempotency-Key failed like this, and cost something. Send a new key to ask again.`;
    throw new GatewayError(outcome.errorCode, text, { isFinal: true });
  }
  if (outcome.answer === null) {
    throw new GatewayError(
      "idempotency_answer_not_kept",
      `The call ${requestId} with this Idempotency-Key was answered and billed; its answer was not kept.`,
    );
  }
  writeAnswer(call, requestId, outcome.answer.contentType, outcome.answer.body);
}

function writeAnswer(call: Call, requestId: string, contentType: string, body: Buffer): void {
  call.status = 200;
  call.verdict = "complete";
  call.responseBytes = body.byteLength;
  if (call.isClientGone) return;
  const headers = [...answerHeaders(call), ...costHeader(call), "x-switchyard-replay-of", requestId];
  headers.push("content-type", contentType, "content-length", String(body.byteLength));
  if (call.isStream) headers.push("cache-control", "no-cache, no-transform", "x-accel-buffering", "no");
  call.response.writeHead(200, headers);
  call.response.end(body);
}
