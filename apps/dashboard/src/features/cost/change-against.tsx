import { Text } from "@mantine/core";
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import { changeOf } from "./pivot.ts";

/** Beyond it a percentage says less than "new" does. */
const mostChange = 100;

function showChange(change: number): string {
  if (change > mostChange) return `> +${mostChange * 100} %`;
  const percent = Math.abs(change * 100).toLocaleString("en-US", { maximumFractionDigits: 1 });
  return `${percent === "0" ? "" : change > 0 ? "+" : "−"}${percent} %`;
}

/** How a cost moved against the period before. */
export function ChangeAgainst({ cost, previous }: { cost: PicoUsd; previous: PicoUsd | null }) {
  const change = changeOf(cost, previous);
  if (change === null) {
    return (
      <Text span inherit c="dimmed">
        {cost === 0n ? "–" : "new"}
      </Text>
    );
  }
  const colour = Math.abs(change) < 0.0005 ? "dimmed" : change > 0 ? "red" : "teal";
  return (
    <Text span inherit c={colour}>
      {showChange(change)}
    </Text>
  );
}
