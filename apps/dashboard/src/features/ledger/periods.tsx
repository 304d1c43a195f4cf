"use client";
import { Text } from "@mantine/core";
import type { ClosedPeriod } from "@switchyard/api-contract/reconciliation";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Money } from "../../ui/money.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { showCount } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { useClosePeriod } from "./mutations.ts";
import { periodsQuery } from "./queries.ts";

const columns: readonly Column<ClosedPeriod>[] = [
  { header: "Month", cell: ({ month }) => month },
  { header: "Spend", align: "right", onPhone: "heading", cell: ({ spendUsd }) => <Money usd={spendUsd} /> },
  { header: "Ledger entries", align: "right", cell: ({ entries }) => showCount(entries) },
  { header: "Closed", cell: ({ closedAt }) => <Moment iso={closedAt} /> },
  { header: "By", truncateAt: 200, cell: ({ closedBy }) => closedBy },
];

/** Months whose figures stand for good. */
export function Periods() {
  const periods = useQuery(periodsQuery);
  const close = useClosePeriod();
  const { refusals } = usePermissions();
  const closable = periods.data?.closable ?? null;
  const confirm = (month: string) =>
    askFirst({
      title: `Close ${month}?`,
      consequence:
        "Its figures, and those of every month before it, can never change again. Corrections and late entries count in the month in which they are recorded.",
      confirm: `Close ${month}`,
      isDestructive: true,
      onConfirm: () => close.mutate(month, { onSuccess: ({ month: closed }) => notifyDone(`${closed} is closed.`) }),
    });
  return (
    <Section
      title="Closed months"
      description="In UTC. What comes later is an entry of the running month."
      actions={
        closable !== null && (
          <GuardedButton
            size="xs"
            variant="default"
            leftSection={<IconLock size={14} aria-hidden />}
            refusal={refusals.money}
            loading={close.isPending}
            onClick={() => confirm(closable)}
          >
            Close {closable}
          </GuardedButton>
        )
      }
    >
      {close.error && <Failure error={close.error} />}
      <QueryStates
        query={periods}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            No month is closed yet.
          </Text>
        }
        skeletonRows={2}
      >
        {({ items }) => <DataTable label="Closed months" columns={columns} rows={items} keyOf={({ month }) => month} />}
      </QueryStates>
    </Section>
  );
}
