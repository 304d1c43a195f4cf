"use client";
import { Alert, Group, Text } from "@mantine/core";
import { costDimensions, type CostReport } from "@switchyard/api-contract/reports";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { IconReportMoney } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { CallFilterChips } from "../../choices/call-filter-chips.tsx";
import { CallFilterMenu } from "../../choices/call-filter-menu.tsx";
import { callFilterParsers } from "../../choices/call-filters.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Money } from "../../ui/money.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { useCurrentMinute } from "../../ui/use-current-minute.ts";
import { ChangeAgainst } from "./change-against.tsx";
import { CostBars } from "./cost-bars.tsx";
import { SavedViewsMenu } from "../saved-views/saved-views-menu.tsx";
import { CompareSwitch, DimensionPicker, PeriodPicker } from "./cost-controls.tsx";
import { CostTable } from "./cost-table.tsx";
import classes from "./cost.module.css";
import { dimensionNames, usableDimensions } from "./dimensions.ts";
import { ExportMenu } from "./export-menu.tsx";
import { periodPresets, resolvePeriod, showPeriod } from "./period.ts";
import { pivot, sortColumns } from "./pivot.ts";
import { costQuery, type CostSelection } from "./queries.ts";

const reportParsers = {
  period: parseAsStringLiteral(periodPresets).withDefault("this-month"),
  from: parseAsString,
  to: parseAsString,
  by: parseAsArrayOf(parseAsStringLiteral(costDimensions)).withDefault(["team"]),
  compare: parseAsBoolean.withDefault(true),
  sort: parseAsStringLiteral(sortColumns).withDefault("cost"),
  descending: parseAsBoolean.withDefault(true),
};

export function CostScreen() {
  const [filters, setFilters] = useQueryStates(callFilterParsers);
  const [view, setView] = useQueryStates(reportParsers);
  const period = resolvePeriod(view.period, view.from, view.to, useCurrentMinute());
  const dimensions = usableDimensions(view.by);
  const selection: CostSelection = {
    from: period.from,
    to: period.to,
    filters,
    dimensions,
    isCompared: view.compare,
  };
  const report = useQuery(costQuery(selection));
  return (
    <Page
      title="Cost report"
      description={showPeriod(period)}
      actions={
        <>
          <PeriodPicker
            period={period}
            onPreset={(preset) => void setView({ period: preset, from: null, to: null })}
            onDays={(from, to) => void setView({ period: "custom", from, to })}
          />
          <SavedViewsMenu page="cost" />
          <ExportMenu selection={selection} />
        </>
      }
    >
      <Group gap="sm">
        <DimensionPicker dimensions={dimensions} onChange={(by) => void setView({ by: [...by] })} />
        <CallFilterMenu filters={filters} onChange={(change) => void setFilters(change)} />
        <CallFilterChips filters={filters} onChange={(change) => void setFilters(change)} />
        <CompareSwitch isCompared={view.compare} onChange={(compare) => void setView({ compare })} />
      </Group>
      <QueryStates
        query={report}
        isEmpty={({ rows }) => rows.length === 0}
        empty={
          <EmptyState icon={<IconReportMoney size={24} aria-hidden />} title="Nothing was spent">
            No call of this period fits the filters.
          </EmptyState>
        }
        skeletonRows={10}
      >
        {(data) => (
          <Report
            report={data}
            selection={selection}
            sort={{ by: view.sort, isDescending: view.descending }}
            onSort={({ by, isDescending }) => void setView({ sort: by, descending: isDescending })}
            isStale={report.isPlaceholderData}
          />
        )}
      </QueryStates>
    </Page>
  );
}

function Report({
  report,
  selection: { dimensions },
  ...table
}: { report: CostReport; selection: CostSelection } & Pick<
  Parameters<typeof CostTable>[0],
  "sort" | "onSort" | "isStale"
>) {
  // While the next report loads, the one on screen may have had other dimensions.
  const depth = report.rows[0]?.keys.length ?? dimensions.length;
  const shownDimensions = dimensions.slice(0, depth);
  const rows = pivot(report.rows, shownDimensions);
  const [outermost = "team"] = dimensions;
  return (
    <>
      <Headline report={report} />
      {dimensions.includes("tag") && (
        <Alert color="gray" variant="light" p="sm">
          A call counts under each of its tags, so the rows may add up to more than the total. The total counts it once.
        </Alert>
      )}
      <CostBars rows={rows} label={dimensionNames[outermost].toLowerCase()} />
      <CostTable key={dimensions.join()} report={report} rows={rows} dimensions={shownDimensions} {...table} />
      {report.completeUntil !== null && (
        <Text size="xs" c="dimmed">
          Complete until {showInstant(report.completeUntil)}; later calls may still be on their way from a gateway.
        </Text>
      )}
    </>
  );
}

function Headline({ report }: { report: CostReport }) {
  return (
    <Group gap="sm" align="baseline">
      <Text className={classes.headline} component="p">
        <Money usd={report.totalUsd} />
      </Text>
      {report.previousTotalUsd !== null && (
        <Text size="sm" c="dimmed">
          <ChangeAgainst cost={parseUsd(report.totalUsd)} previous={parseUsd(report.previousTotalUsd)} /> against{" "}
          <Money usd={report.previousTotalUsd} /> in the period before
        </Text>
      )}
    </Group>
  );
}
