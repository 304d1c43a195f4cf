/** What an attempt says of the target's worth: one rule for gateways, which learn from it at once, and for the roll-ups. */
import type { AttemptRecord } from "./usage-event.ts";

export type AnswerOutcome = "success" | "refused" | "invalid";

/**
 * An answer that came and passed its checks is a success; `refused` is one that was declined or filtered, `invalid` one that
 * was empty, out of form, cut short or not good enough. Null where no answer came that could be judged: an outage, or a
 * client that left, says nothing of what answers are worth.
 */
export function answerOutcome({
  verdict,
  failureClass,
}: Pick<AttemptRecord, "verdict" | "failureClass">): AnswerOutcome | null {
  if (failureClass === "invalid_answer") return verdict === "refused" || verdict === "filtered" ? "refused" : "invalid";
  if (failureClass !== null) return null;
  switch (verdict) {
    case "complete":
      return "success";
    case "refused":
    case "filtered":
      return "refused";
    case "invalid":
    case "truncated":
      return "invalid";
    case "errored":
    case "cancelled":
      return null;
  }
}
