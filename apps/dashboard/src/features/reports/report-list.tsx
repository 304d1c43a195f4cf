"use client";
import { Button, Group, Progress, Text } from "@mantine/core";
import type { MonthlyReport } from "@switchyard/api-contract/monthly-reports";
import { IconDownload, IconFileAnalytics } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usePermissions } from "../../session/session-gate.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import type { Pager } from "../../ui/list-filters.ts";
import { Moment } from "../../ui/moment.tsx";
import { Money } from "../../ui/money.tsx";
import { notifyFailure } from "../../ui/notify.ts";
import { PagerBar } from "../../ui/pager-bar.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { useRetryReport } from "./mutations.ts";
import { monthlyReportsQuery, reportCsvUrl, type ReportFilters } from "./queries.ts";

interface ReportListProps {
  readonly filters: ReportFilters;
  readonly pager: Pager;
  readonly onOpen: (id: string) => void;
}

export function ReportList({ filters, pager, onOpen }: ReportListProps) {
  const reports = useQuery(monthlyReportsQuery(filters, pager.cursor));
  return (
    <QueryStates
      query={reports}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <EmptyState icon={<IconFileAnalytics size={24} aria-hidden />} title="No report yet">
          Each team gets one an hour into the first of a month, for the month before. Make one now to see this month so
          far.
        </EmptyState>
      }
    >
      {({ items, nextCursor }) => (
        <>
          <DataTable
            label="Monthly reports, newest first"
            columns={columns}
            rows={items}
            keyOf={({ id }) => id}
            opens={{ href: ({ id }) => `?report=${id}`, onOpen: ({ id }) => onOpen(id), openKey: null }}
            isStale={reports.isPlaceholderData}
          />
          <PagerBar pager={pager} nextCursor={nextCursor} count={items.length} />
        </>
      )}
    </QueryStates>
  );
}

const reasons: { readonly [reason in MonthlyReport["reason"]]: string } = {
  scheduled: "Month over",
  asked: "Asked for",
  changed: "Figures changed",
};

const columns: readonly Column<MonthlyReport>[] = [
  {
    header: "Report",
    truncateAt: 320,
    cell: ({ month, teamName }) => (
      <Text inherit fw={500} span>
        {month} · {teamName}
      </Text>
    ),
  },
  {
    header: "Spend",
    align: "right",
    onPhone: "heading",
    cell: ({ totalUsd }) => (totalUsd === null ? "–" : <Money usd={totalUsd} />),
  },
  { header: "Version", align: "right", cell: ({ version }) => version },
  { header: "Why", cell: ({ reason, isWhole }) => `${reasons[reason]}${isWhole ? "" : ", month so far"}` },
  { header: "State", width: 210, cell: (report) => <ReportState report={report} /> },
  { header: "Made", cell: ({ finishedAt }) => <Moment iso={finishedAt} /> },
  { header: "Sent", truncateAt: 200, cell: (report) => <Delivery report={report} /> },
  { header: "Actions", align: "right", cell: (report) => <Actions report={report} /> },
];

export function ReportState({ report: { state, partsDone, parts, problem } }: { report: MonthlyReport }) {
  if (state === "done") return <StateLabel tone="good">Made</StateLabel>;
  if (state === "failed") return <StateLabel tone="bad">{problem ?? "It could not be made."}</StateLabel>;
  const label = state === "waiting" ? "Waiting for the worker" : `Part ${Math.min(partsDone + 1, parts)} of ${parts}`;
  return (
    <div>
      <StateLabel tone="busy">{label}</StateLabel>
      <Progress size="xs" mt={4} value={(100 * partsDone) / parts} aria-label={label} />
    </div>
  );
}

function Delivery({ report: { state, reason, deliveredAt, deliveryProblem } }: { report: MonthlyReport }) {
  if (deliveredAt !== null) return <Moment iso={deliveredAt} />;
  if (deliveryProblem !== null) return <StateLabel tone="bad">{deliveryProblem}</StateLabel>;
  return state === "done" && reason !== "asked" ? "Not yet, or to nobody" : "–";
}

function Actions({ report: { id, state } }: { report: MonthlyReport }) {
  const { canEditMoney } = usePermissions();
  const retry = useRetryReport();
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {state === "failed" && canEditMoney && (
        <Button
          size="compact-xs"
          variant="default"
          loading={retry.isPending}
          onClick={() => retry.mutate(id, { onError: notifyFailure })}
        >
          Try again
        </Button>
      )}
      {state === "done" && (
        <Button
          component="a"
          href={reportCsvUrl(id)}
          download
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={13} aria-hidden />}
        >
          CSV
        </Button>
      )}
    </Group>
  );
}
