import type { AttemptRecord, RequestRecord } from "./usage-event.ts";

/** One line of an itemised receipt: one meter of one attempt. Amounts are decimal strings of pico-USD. */
export interface ReceiptItem {
  readonly attemptId: string;
}

export interface Receipt {
  readonly requestId: string;
  readonly costPicoUsd: string;
  readonly items: readonly ReceiptItem[];
}

/** The itemised record of one request. Throws RangeError if an attempt belongs to another request or the sums do not tie. */
export function buildReceipt(_request: RequestRecord, _attempts: readonly AttemptRecord[]): Receipt {
  throw new Error("not built yet");
}
