import type { MalformedUsage } from "../behaviour/behaviour.ts";

const HUGE_COUNT = 1_000_000_000_000_000;

/** A token count as a broken provider would report it. The ledger is never distorted. */
export function reportedCount(tokens: number, malformed: MalformedUsage | undefined): number | string | null {
  switch (malformed) {
    case "negative":
      return -Math.max(tokens, 1);
    case "nan":
      return "NaN";
    case "huge":
      return HUGE_COUNT;
    case "float":
      return tokens + 0.5;
    case "string":
      return String(tokens);
    case "null":
      return null;
    case "unsafe":
      return 2 ** 53;
    case "astronomic":
      return 1e308;
    case "missing":
    case undefined:
      return tokens;
  }
}
