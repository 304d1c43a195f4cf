import type { UnitQuantities } from "@switchyard/metering/meters";
import type { RecordedOperation } from "@switchyard/metering/usage-event";
import type { PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { CallBounds } from "@switchyard/metering/worst-case-cost";

/** The output cap of a bounded call when neither the client nor the catalogue names one. */
const defaultOutputTokensCap = 4_096;

const bytesPerToken = 4;
const usualOutputTokens = 512;

export interface CallSize {
  readonly operation: RecordedOperation;
  readonly inputTokensAtMost: number;
  readonly outputTokensAsked: number | null;
  readonly answers: number;
  readonly unitsAtMost?: UnitQuantities;
}

/**
 * What a call to this model can use at most: the input bound, never above the context window, and per answer the output
 * that the client asked for, else the model's own maximum, else 4,096; never above the model's maximum or its window.
 */
export function boundsOfCall(
  call: CallSize,
  model: Pick<PolicyModel, "contextWindow" | "maxOutputTokens">,
): CallBounds {
  const contextWindow = model.contextWindow ?? Infinity;
  const mostOutput = Math.min(model.maxOutputTokens ?? Infinity, contextWindow);
  const askedOutput = call.outputTokensAsked ?? model.maxOutputTokens ?? defaultOutputTokensCap;
  return {
    inputTokensAtMost: Math.min(call.inputTokensAtMost, contextWindow),
    outputTokensAtMost: isAnsweredInTokens(call) ? Math.min(askedOutput, mostOutput) : 0,
    answers: call.answers,
    ...(call.unitsAtMost === undefined ? {} : { unitsAtMost: call.unitsAtMost }),
  };
}

function isAnsweredInTokens({ operation, outputTokensAsked }: CallSize): boolean {
  return operation === "chat" || (outputTokensAsked ?? 0) > 0;
}

export interface ExpectedTokens {
  readonly inputTokens: number;
  /** Of all answers together. */
  readonly outputTokens: number;
}

/** What a call usually uses: about four bytes a token (the input bound counts bytes), and the output asked for or a usual one. */
export function expectedTokens(call: CallSize): ExpectedTokens {
  const isAnswered = call.operation === "chat";
  return {
    inputTokens: Math.ceil(call.inputTokensAtMost / bytesPerToken),
    outputTokens: isAnswered ? (call.outputTokensAsked ?? usualOutputTokens) * call.answers : 0,
  };
}

/**
 * What a call counts against a token rate limit until its true count is known. Never above the limit, so that a call
 * larger than a whole minute is let through when the minute is unused.
 */
export function tokensToReserve(call: CallSize, limit: bigint): bigint {
  const { inputTokens, outputTokens } = expectedTokens(call);
  const expected = BigInt(Math.max(1, inputTokens + outputTokens));
  return expected < limit ? expected : limit;
}
