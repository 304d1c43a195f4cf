import type { PriceLine } from "@switchyard/api-contract/models";
import { showCount } from "../../ui/quantities.ts";

/** When a line of a price applies, in words; empty for one that always does. */
export function conditionOf({
  aboveInputTokens,
  timeWindow,
  serviceTier,
}: Pick<PriceLine, "aboveInputTokens" | "timeWindow" | "serviceTier">): string {
  const conditions: string[] = [];
  if (aboveInputTokens !== undefined) conditions.push(`above ${showCount(aboveInputTokens)} input tokens`);
  if (timeWindow) conditions.push(`${clock(timeWindow.startMinute)}–${clock(timeWindow.endMinute)} UTC`);
  if (serviceTier !== undefined) conditions.push(`tier ${serviceTier}`);
  return conditions.join(", ");
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
