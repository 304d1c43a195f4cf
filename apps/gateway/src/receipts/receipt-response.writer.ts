import type { Receipt } from "@switchyard/metering/receipt";
import type { Call } from "../accept/call.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { receiptBody } from "./receipt-body.ts";

const notForCaches = { "cache-control": "no-store" };

export function writeReceipt(call: Call, policy: ActivePolicy, receipt: Receipt): void {
  writeCompleteAnswer(call, JSON.stringify(receiptBody(receipt, policy)), notForCaches);
}
