import { AreaChart } from "@mantine/charts";
import { Group, Paper, Text } from "@mantine/core";
import type { Overview } from "@switchyard/api-contract/reports";
import type { OverviewMetric } from "./overview-metrics.ts";
import classes from "./overview.module.css";

const mostDots = 6;

/** One or two metrics with the same unit over time. A gap is a time without calls, not a zero. */
export function MetricChart({
  title,
  metrics,
  overview,
}: {
  title: string;
  metrics: readonly OverviewMetric[];
  overview: Overview;
}) {
  const [first] = metrics;
  if (!first) return null;
  const data = overview.points.map((point) => ({
    at: point.at,
    ...Object.fromEntries(metrics.map((metric) => [metric.key, metric.value(point)])),
  }));
  // A line needs two neighbours; a lone point is only seen as a dot.
  const isSparse = overview.points.filter(({ requests }) => requests > 0).length <= mostDots;
  const label = timeLabel(overview.stepSeconds);
  const summary = `${title}: ${metrics.map((metric) => `${metric.label} ${metric.show(overview.totals)}`).join(", ")} over the period`;
  return (
    <Paper withBorder component="figure" className={classes.chart} aria-label={summary}>
      <Group justify="space-between" mb={8}>
        <Text component="h2" size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          {metrics.map((metric) => metric.show(overview.totals)).join(" · ")}
        </Text>
      </Group>
      <AreaChart
        h={168}
        data={data}
        dataKey="at"
        series={metrics.map((metric) => ({ name: metric.key, label: metric.label, color: metric.colour }))}
        valueFormatter={first.tick}
        curveType="linear"
        connectNulls={false}
        withDots={isSparse}
        withLegend={metrics.length > 1}
        gridAxis="x"
        strokeWidth={1.6}
        fillOpacity={0.12}
        tickLine="none"
        xAxisProps={{ tickFormatter: label, minTickGap: 48, tickMargin: 8 }}
        yAxisProps={{ width: 56, tickCount: 4, ...axisUpTo(metrics, overview) }}
        tooltipProps={{
          labelFormatter: (at: unknown) =>
            new Date(at as string).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
        }}
        areaChartProps={{ accessibilityLayer: true }}
      />
    </Paper>
  );
}

/** Left to itself the axis ends at the next fair figure, which may lie past what is possible. */
function axisUpTo(metrics: readonly OverviewMetric[], { points }: Overview) {
  const most = metrics[0]?.most;
  const highest = Math.max(...metrics.flatMap((metric) => points.map((point) => metric.value(point) ?? 0)));
  return most === undefined || highest < 0.75 * most ? {} : { domain: [0, most] };
}

function timeLabel(stepSeconds: number): (at: string) => string {
  const format: Intl.DateTimeFormatOptions =
    stepSeconds >= 21_600 ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  return (at) => new Date(at).toLocaleString("en-GB", format);
}
