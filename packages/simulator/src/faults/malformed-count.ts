import type { MalformedUsage } from "../behaviour/behaviour.ts";

const HUGE_COUNT = 1_000_000_000_000_000;

/** A token count as a broken provider would report it. The ledger is never distorted. */
export function reportedCount(tokens: number, malformed: MalformedUsage | undefined): number | string {
  switch (malformed) {
    case "negative":
      return -Math.max(tokens, 1);
    case "nan":
      return "NaN";
    case "huge":
      return HUGE_COUNT;
    case "float":
      return tokens + 0.5;
    case "missing":
    case undefined:
      return tokens;
  }
}
