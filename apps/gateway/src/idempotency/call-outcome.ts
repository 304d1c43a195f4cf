import type { Call } from "../accept/call.ts";
import type { ErrorCode } from "../errors/error-registry.ts";
import type { CopiedAnswer } from "./answer-copy.ts";

/** How a call that carried a key ended, for whoever comes with the same key. */
export type CallOutcome =
  | { readonly kind: "answered"; readonly requestId: string; readonly answer: CopiedAnswer | null }
  | { readonly kind: "failed"; readonly requestId: string; readonly errorCode: ErrorCode }
  /** Nobody can say: its process was lost, or its client left while nothing more could be read. It may have been billed. */
  | { readonly kind: "lost"; readonly requestId: string };

/**
 * What to keep of a call. Null: it failed and cost nothing, so the key is free again, and a retry is a fresh try. A failure
 * that cost something keeps the key: another try would be another bill.
 */
export function outcomeOf(call: Call, answer: CopiedAnswer | null): CallOutcome | null {
  const { requestId, errorCode } = call;
  if (errorCode === null) return { kind: "answered", requestId, answer };
  const isUnbilled = call.closedAttempts.length === call.attempts && call.costPicoUsd === 0n;
  return isUnbilled ? null : { kind: "failed", requestId, errorCode };
}
