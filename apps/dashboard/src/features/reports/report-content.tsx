import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { MonthlyReportContent } from "@switchyard/api-contract/monthly-reports";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Money } from "../../ui/money.tsx";
import { showCount, showExactUsd, showShare, showUsd } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { ChangeAgainst } from "../cost/change-against.tsx";
import { DayBars } from "./day-bars.tsx";
import classes from "./reports.module.css";

export function ReportContent({ content }: { content: MonthlyReportContent }) {
  const { totals, previous } = content;
  return (
    <Stack gap="xl">
      <div>
        <Text className={classes.headline} component="p">
          <Money usd={totals.costUsd} />
        </Text>
        <Text size="sm" c="dimmed">
          <ChangeAgainst cost={parseUsd(totals.costUsd)} previous={parseUsd(previous.costUsd)} /> against{" "}
          <Money usd={previous.costUsd} /> the month before
        </Text>
      </div>
      <Facts facts={factsOf(content)} />
      <DayBars days={content.days} />
      <Anomalies anomalies={content.anomalies} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl" verticalSpacing="xl">
        <Ranking title="Projects" ranking={content.projects} totalUsd={totals.costUsd} />
        <Ranking title="Models" ranking={content.models} totalUsd={totals.costUsd} />
        <Ranking title="Virtual keys" ranking={content.virtualKeys} totalUsd={totals.costUsd} />
        <Ranking title="Users" ranking={content.users} totalUsd={totals.costUsd} />
      </SimpleGrid>
      <Budgets budgets={content.budgets} />
    </Stack>
  );
}

function factsOf({ totals, previous, cacheSavedUsd }: MonthlyReportContent) {
  return [
    { name: "Requests", value: `${showCount(totals.requests)}, ${showCount(previous.requests)} the month before` },
    { name: "Tokens", value: showCount(BigInt(totals.tokens)) },
    { name: "Errors", value: `${showCount(totals.errors)} (${showShare(totals.errors, totals.requests)})` },
    { name: "Refusals", value: showCount(totals.refusals) },
    { name: "Answers from the cache", value: showCount(totals.cacheHits) },
    { name: "Saved by the cache", value: cacheSavedUsd === null ? "not kept any more" : showUsd(cacheSavedUsd) },
    { name: "Exact spend", value: showExactUsd(totals.costUsd) },
  ];
}

interface RankedRow {
  readonly key: string;
  readonly name: string;
  readonly costUsd: string;
}

const steps = 100_000n;

function Ranking({
  title,
  ranking: { top, others },
  totalUsd,
}: {
  title: string;
  ranking: MonthlyReportContent["models"];
  totalUsd: string;
}) {
  const total = parseUsd(totalUsd);
  const rows: RankedRow[] = top.map(({ id, name, costUsd }) => ({ key: id ?? "none", name, costUsd }));
  if (others.count > 0)
    rows.push({ key: "others", name: `${showCount(others.count)} others`, costUsd: others.costUsd });
  const columns: readonly Column<RankedRow>[] = [
    { header: title, truncateAt: 320, cell: ({ name }) => name },
    { header: "Spend", align: "right", onPhone: "heading", cell: ({ costUsd }) => <Money usd={costUsd} /> },
    {
      header: "Share",
      align: "right",
      cell: ({ costUsd }) => (total > 0n ? showShare(Number((parseUsd(costUsd) * steps) / total), Number(steps)) : "–"),
    },
  ];
  return (
    <Section title={title}>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing was spent.
        </Text>
      ) : (
        <DataTable label={`${title} by spend`} columns={columns} rows={rows} keyOf={({ key }) => key} />
      )}
    </Section>
  );
}

type Budget = MonthlyReportContent["budgets"][number];

const budgetColumns: readonly Column<Budget>[] = [
  { header: "Budget", truncateAt: 320, cell: ({ name }) => name },
  { header: "Used", align: "right", onPhone: "heading", cell: ({ usedUsd }) => <Money usd={usedUsd} /> },
  { header: "Limit", align: "right", cell: ({ limitUsd }) => <Money usd={limitUsd} /> },
  { header: "Since", cell: ({ windowStart }) => windowStart.slice(0, 10) },
  {
    header: "Thresholds",
    cell: ({ passedPct }) =>
      passedPct === null ? "none passed" : <StateLabel tone="warning">{`${passedPct} % passed`}</StateLabel>,
  },
];

function Budgets({ budgets }: { budgets: readonly Budget[] }) {
  return (
    <Section
      title="Budgets"
      description="As they stood when the report was made; of a budget with many windows, the fullest."
    >
      {budgets.length === 0 ? (
        <Text size="sm" c="dimmed">
          No budget of the team, its projects or keys.
        </Text>
      ) : (
        <DataTable
          label="Budgets"
          columns={budgetColumns}
          rows={budgets}
          keyOf={({ name, windowStart }) => `${name} ${windowStart}`}
        />
      )}
    </Section>
  );
}

type Anomaly = MonthlyReportContent["anomalies"][number];

const anomalyColumns: readonly Column<Anomaly>[] = [
  { header: "Day", cell: ({ day }) => day },
  { header: "What", cell: ({ kind }) => (kind === "spike" ? "The day alone" : "Growth over seven days") },
  { header: "Spent", align: "right", onPhone: "heading", cell: ({ actualUsd }) => <Money usd={actualUsd} /> },
  { header: "Usually", align: "right", cell: ({ usualUsd }) => <Money usd={usualUsd} /> },
];

function Anomalies({ anomalies }: { anomalies: readonly Anomaly[] }) {
  if (anomalies.length === 0) return null;
  return (
    <Section title="Out of the ordinary" description="Judged by the team's own five weeks before.">
      <DataTable
        label="Days out of the ordinary"
        columns={anomalyColumns}
        rows={anomalies}
        keyOf={({ day, kind }) => `${day} ${kind}`}
      />
    </Section>
  );
}
