import type { Dice } from "../text/dice.ts";
import type { Behaviour, GarbageKind, MalformedUsage, ReportedCost } from "./behaviour.ts";

/** The 99th percentile of the standard normal distribution. */
const NORMAL_P99 = 2.326347874;
const LONGEST_LATENCY_MS = 600_000;
const DEFAULT_OUTPUT_TOKENS = { min: 24, max: 96 };
const DEFAULT_ERROR_STATUS = 500;

/** Where and how an answer breaks off. A chunk is one streamed event; a plain answer is a single chunk. */
export type Interruption =
  | { readonly kind: "cut" | "clean_eof" | "stall" | "error_event"; readonly afterChunks: number }
  | { readonly kind: "cut_at_byte"; readonly afterBytes: number };

/** An error that the provider answers instead of an answer. */
export interface PlannedError {
  readonly status: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly retryAfter: string | undefined;
}

/** What kind of answer the model gives, and how it is cut into chunks and reported. */
export interface AnswerPlan {
  readonly shape: "ordinary" | "empty" | "refusal" | "content_filter";
  readonly text: string | undefined;
  readonly outputTokens: { readonly min: number; readonly max: number };
  readonly reasoningTokens: number;
  readonly cachedTokensShare: number;
  readonly chunkTokens: number;
  readonly reportsUsageInStreams: boolean;
  readonly malformedUsage: MalformedUsage | undefined;
  readonly reportedCost: ReportedCost;
}

/** Everything that is decided about a call before it is answered. */
export interface CallPlan {
  readonly latencyMs: number;
  readonly firstByteDelayMs: number;
  readonly tokensPerSecond: number;
  readonly isConnectionRefused: boolean;
  readonly error: PlannedError | undefined;
  readonly garbage: GarbageKind | undefined;
  readonly interruption: Interruption | undefined;
  readonly answer: AnswerPlan;
}

const HEALTHY: Behaviour = {};

/**
 * Decides how a call goes. Pure: the same behaviour, call number and dice give the same plan.
 *
 * @param behaviour what is in force for the call; undefined means healthy and instant
 * @param callNumber 1 for the first call that this behaviour serves, and so on
 * @param dice draws for this call; their order is fixed, so one field's draw never moves another's
 */
export function planCall(behaviour: Behaviour | undefined, callNumber: number, dice: Dice): CallPlan {
  const settings = behaviour ?? HEALTHY;
  const faultDraw = dice.nextFraction();
  const errorDraw = dice.nextFraction();
  const latencyDraw = typeof settings.latencyMs === "object" ? dice.nextNormal() : 0;

  const hasFaults =
    callNumber <= (settings.failFirstCalls ?? Number.POSITIVE_INFINITY) && faultDraw < (settings.faultRate ?? 1);
  const faults = hasFaults ? settings : HEALTHY;
  return {
    latencyMs: latencyOf(settings.latencyMs, latencyDraw) + (faults.slowFirstByteMs ?? 0),
    firstByteDelayMs: settings.firstByteDelayMs ?? 0,
    tokensPerSecond: settings.tokensPerSecond ?? 0,
    isConnectionRefused: faults.connectRefusal ?? false,
    error: errorDraw < errorRateOf(faults) ? errorOf(faults) : undefined,
    garbage: faults.garbage,
    interruption: interruptionOf(faults),
    answer: {
      shape: shapeOf(faults),
      text: settings.answerText,
      outputTokens: rangeOf(settings.outputTokens),
      reasoningTokens: settings.reasoningTokens ?? 0,
      cachedTokensShare: settings.cachedTokensShare ?? 0,
      chunkTokens: settings.chunkTokens ?? 1,
      reportsUsageInStreams: settings.usageMode !== "none",
      malformedUsage: faults.malformedUsage,
      reportedCost: faults.reportedCost,
    },
  };
}

/** A median and a 99th percentile fix a log-normal distribution; the draw is a standard-normal value. */
function latencyOf(latencyMs: Behaviour["latencyMs"], draw: number): number {
  if (typeof latencyMs !== "object") return latencyMs ?? 0;
  const deviation = Math.log(latencyMs.p99 / latencyMs.p50) / NORMAL_P99;
  return Math.min(latencyMs.p50 * Math.exp(deviation * draw), LONGEST_LATENCY_MS);
}

/** Naming an error, or failing the first calls without saying how, means that those calls all answer an error. */
function errorRateOf(faults: Behaviour): number {
  if (faults.errorRate !== undefined) return faults.errorRate;
  if (faults.errorStatus !== undefined) return 1;
  return faults.failFirstCalls !== undefined && !hasOtherFault(faults) ? 1 : 0;
}

function hasOtherFault(faults: Behaviour): boolean {
  return (
    faults.connectRefusal === true ||
    faults.slowFirstByteMs !== undefined ||
    faults.garbage !== undefined ||
    faults.malformedUsage !== undefined ||
    faults.reportedCost !== undefined ||
    interruptionOf(faults) !== undefined ||
    shapeOf(faults) !== "ordinary"
  );
}

function errorOf(faults: Behaviour): PlannedError {
  return {
    status: faults.errorStatus ?? DEFAULT_ERROR_STATUS,
    code: faults.errorCode,
    message: faults.errorMessage,
    retryAfter: faults.retryAfter,
  };
}

function interruptionOf(faults: Behaviour): Interruption | undefined {
  if (faults.cutAfterBytes !== undefined) return { kind: "cut_at_byte", afterBytes: faults.cutAfterBytes };
  if (faults.cutAfterChunks !== undefined) return { kind: "cut", afterChunks: faults.cutAfterChunks };
  if (faults.cleanEofAfterChunks !== undefined) return { kind: "clean_eof", afterChunks: faults.cleanEofAfterChunks };
  if (faults.stallAfterChunks !== undefined) return { kind: "stall", afterChunks: faults.stallAfterChunks };
  if (faults.errorMidStream !== undefined) return { kind: "error_event", afterChunks: faults.errorMidStream };
  return undefined;
}

function shapeOf(faults: Behaviour): AnswerPlan["shape"] {
  if (faults.emptyAnswer === true) return "empty";
  if (faults.refusal === true) return "refusal";
  return faults.contentFilter === true ? "content_filter" : "ordinary";
}

function rangeOf(outputTokens: Behaviour["outputTokens"]): { readonly min: number; readonly max: number } {
  if (outputTokens === undefined) return DEFAULT_OUTPUT_TOKENS;
  return typeof outputTokens === "number" ? { min: outputTokens, max: outputTokens } : outputTokens;
}
