"use client";
import { Code, Group, Select, Text } from "@mantine/core";
import type { Overview } from "@switchyard/api-contract/reports";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useSession } from "../../session/session-gate.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { RangePicker } from "../../ui/range-picker.tsx";
import { useTimeRange } from "../../ui/time-range.ts";
import { BreakdownTable } from "./breakdown-table.tsx";
import { MetricChart } from "./metric-chart.tsx";
import { MetricTile } from "./metric-tile.tsx";
import { overviewMetrics } from "./overview-metrics.ts";
import classes from "./overview.module.css";
import { overviewFiltersQuery, overviewQuery } from "./queries.ts";

/** Metrics of one unit share a chart. */
const charts: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  { title: "Requests", keys: ["requests"] },
  { title: "Spend", keys: ["spend"] },
  { title: "Latency", keys: ["p50", "p99"] },
  { title: "Errors and refusals", keys: ["errors", "refusals"] },
  { title: "Cache hits", keys: ["cacheHits"] },
];

export function OverviewScreen() {
  const { range, choosePreset, chooseCustom } = useTimeRange("24h");
  const [filters, setFilters] = useQueryStates({
    teamId: parseAsString,
    routeId: parseAsString,
    connectionId: parseAsString,
    by: parseAsStringLiteral(["route", "provider"]).withDefault("route"),
  });
  const { by, ...chosen } = filters;
  const overview = useQuery(overviewQuery({ from: range.from, to: range.to, ...chosen, breakdown: by }));
  const options = useQuery(overviewFiltersQuery).data;
  const isFiltered = chosen.teamId !== null || chosen.routeId !== null || chosen.connectionId !== null;
  return (
    <Page
      title="Overview"
      actions={<RangePicker key={range.preset} range={range} choosePreset={choosePreset} chooseCustom={chooseCustom} />}
    >
      <Group gap="xs">
        <Filter
          label="Team"
          options={options?.teams}
          value={chosen.teamId}
          onChange={(teamId) => void setFilters({ teamId })}
        />
        <Filter
          label="Route"
          options={options?.routes}
          value={chosen.routeId}
          onChange={(routeId) => void setFilters({ routeId })}
        />
        <Filter
          label="Provider"
          options={options?.connections}
          value={chosen.connectionId}
          onChange={(connectionId) => void setFilters({ connectionId })}
        />
      </Group>
      <QueryStates
        query={overview}
        isEmpty={(data) => data.totals.requests === 0 && !isFiltered && data.previousTotals?.requests === 0}
        empty={<NoCallsYet />}
      >
        {(data) => <OverviewFigures overview={data} by={by} onSplit={(split) => void setFilters({ by: split })} />}
      </QueryStates>
    </Page>
  );
}

function OverviewFigures({
  overview,
  by,
  onSplit,
}: {
  overview: Overview;
  by: "route" | "provider";
  onSplit: (by: "route" | "provider") => void;
}) {
  return (
    <>
      <div className={classes.tiles}>
        {overviewMetrics.map((metric) => (
          <MetricTile key={metric.key} metric={metric} now={overview.totals} before={overview.previousTotals} />
        ))}
      </div>
      <div className={classes.charts}>
        {charts.map((chart) => (
          <MetricChart
            key={chart.title}
            title={chart.title}
            metrics={overviewMetrics.filter((metric) => chart.keys.includes(metric.key))}
            overview={overview}
          />
        ))}
      </div>
      <BreakdownTable overview={overview} by={by} onChange={onSplit} />
      {overview.completeUntil && (
        <Text size="xs" c="dimmed">
          Figures are complete until {showInstant(overview.completeUntil)}; later calls may still be on their way from a
          gateway.
        </Text>
      )}
    </>
  );
}

interface FilterProps {
  readonly label: string;
  readonly options: readonly { value: string; label: string }[] | undefined;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

function Filter({ label, options, value, onChange }: FilterProps) {
  return (
    <Select
      size="xs"
      w={168}
      aria-label={label}
      placeholder={`Every ${label.toLowerCase()}`}
      data={[...(options ?? [])]}
      value={value}
      onChange={onChange}
      clearable
      searchable
      nothingFoundMessage="Nothing of that name"
    />
  );
}

function NoCallsYet() {
  const { gatewayUrl } = useSession();
  return (
    <EmptyState icon={<IconArrowsSplit2 size={24} aria-hidden />} title="No calls in this period">
      Send one with a virtual key, and it shows here within seconds:
      <Code block mt="sm" ta="left">
        {`curl ${gatewayUrl ?? "http://127.0.0.1:8080"}/v1/chat/completions \\
  -H "authorization: Bearer $SWITCHYARD_KEY" \\
  -H "content-type: application/json" \\
  -d '{"model":"demo-chat","messages":[{"role":"user","content":"Hello"}]}'`}
      </Code>
    </EmptyState>
  );
}
