import { Text, Tooltip } from "@mantine/core";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { showExactUsd, showUsd } from "../../ui/quantities.ts";
import classes from "./cost.module.css";
import type { PivotRow } from "./pivot.ts";

const mostBars = 8;

interface Bar {
  readonly key: string;
  readonly name: string;
  readonly cost: bigint;
  readonly previous: bigint | null;
}

/** The outermost dimension, largest first, with a line where each stood in the period before. */
export function CostBars({ rows, label }: { rows: readonly PivotRow[]; label: string }) {
  const bars = barsOf(rows);
  const longest = bars.reduce((most, { cost, previous }) => max(most, max(cost, previous ?? 0n)), 0n);
  if (longest === 0n) return null;
  const isCompared = bars.some(({ previous }) => previous !== null);
  return (
    <figure className={classes.chart} aria-label={`Cost by ${label}: ${bars.map(describe).join(", ")}`}>
      <div className={classes.bars}>
        {bars.map((bar) => (
          <Tooltip key={bar.key} label={tooltipOf(bar)} position="top-start">
            <div className={classes.barRow}>
              <Text span size="sm" truncate>
                {bar.name}
              </Text>
              <div className={classes.track}>
                <div className={classes.bar} style={{ width: share(bar.cost, longest) }} />
                {bar.previous !== null && (
                  <div className={classes.before} style={{ left: share(bar.previous, longest) }} />
                )}
              </div>
              <Text span size="sm" ta="right">
                {showPico(bar.cost)}
              </Text>
            </div>
          </Tooltip>
        ))}
      </div>
      {isCompared && (
        <Text size="xs" c="dimmed" component="figcaption" mt={10}>
          <span className={classes.beforeKey} aria-hidden /> where it stood in the period before
        </Text>
      )}
    </figure>
  );
}

function barsOf(rows: readonly PivotRow[]): Bar[] {
  const ranked = rows.toSorted((left, right) => (left.cost < right.cost ? 1 : left.cost > right.cost ? -1 : 0));
  const shown = ranked.length > mostBars ? ranked.slice(0, mostBars - 1) : ranked;
  const rest = ranked.slice(shown.length);
  const bars: Bar[] = shown.map(({ path, name, cost, previous }) => ({ key: path, name, cost, previous }));
  if (rest.length === 0) return bars;
  const sum = (pick: (row: PivotRow) => bigint) => rest.reduce((total, row) => total + pick(row), 0n);
  const isCompared = rest.some(({ previous }) => previous !== null);
  return [
    ...bars,
    {
      key: "rest",
      name: `${rest.length} others`,
      cost: sum(({ cost }) => cost),
      previous: isCompared ? sum(({ previous }) => previous ?? 0n) : null,
    },
  ];
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function share(part: bigint, whole: bigint): string {
  const least = part > 0n ? 20n : 0n;
  return `${Number(max((part * 10_000n) / whole, least)) / 100}%`;
}

const showPico = (amount: bigint): string => showUsd(formatUsd(picoUsd(amount)));
const describe = ({ name, cost }: Bar): string => `${name} ${showPico(cost)}`;

function tooltipOf({ name, cost, previous }: Bar): string {
  const before = previous === null ? "" : `, ${showPico(previous)} in the period before`;
  return `${name}: ${showExactUsd(formatUsd(picoUsd(cost)))}${before}`;
}
