import { Group, Paper, Text, Tooltip } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from "@tabler/icons-react";
import type { OverviewFigures, OverviewMetric } from "./overview-metrics.ts";
import classes from "./overview.module.css";

/** One figure with its unit and its change against the period before. */
export function MetricTile({
  metric,
  now,
  before,
}: {
  metric: OverviewMetric;
  now: OverviewFigures;
  before: OverviewFigures | null;
}) {
  return (
    <Paper withBorder className={classes.tile}>
      <Tooltip label={metric.hint} multiline maw={260}>
        <Text className={classes.tileLabel} component="h2" tabIndex={0}>
          {metric.label}
        </Text>
      </Tooltip>
      <Group justify="space-between" align="baseline" gap={6} wrap="nowrap">
        <Text className={classes.tileValue}>{metric.show(now)}</Text>
        {before && (
          <Change
            metric={metric}
            now={metric.value(now)}
            before={metric.value(before)}
            previously={metric.show(before)}
          />
        )}
      </Group>
    </Paper>
  );
}

function Change({
  metric,
  now,
  before,
  previously,
}: {
  metric: OverviewMetric;
  now: number | null;
  before: number | null;
  previously: string;
}) {
  if (now === null || before === null || before === 0) return null;
  const change = (now - before) / before;
  const isFlat = Math.abs(change) < 0.005;
  const isUp = change > 0;
  const colour = isFlat || metric.lessIsBetter === null ? "dimmed" : isUp === metric.lessIsBetter ? "red" : "teal";
  const Arrow = isFlat ? IconMinus : isUp ? IconArrowUpRight : IconArrowDownRight;
  const text = isFlat
    ? "0 %"
    : `${Math.abs(change * 100).toLocaleString("en-US", { maximumFractionDigits: change < 0.1 ? 1 : 0 })} %`;
  return (
    <Tooltip label={`${previously} in the period before`}>
      <Text
        size="xs"
        c={colour}
        className={classes.change}
        aria-label={`${isUp ? "up" : "down"} ${text}, ${previously} in the period before`}
      >
        <Arrow size={13} aria-hidden /> {text}
      </Text>
    </Tooltip>
  );
}
