"use client";
import { Stack, Text } from "@mantine/core";
import type { ReconciliationRow } from "@switchyard/api-contract/reconciliation";
import { IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Money } from "../../ui/money.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { causes } from "./causes.ts";
import type { DayRange } from "../../ui/months.ts";
import { reconciliationQuery } from "./queries.ts";

const columns: readonly Column<ReconciliationRow>[] = [
  {
    header: "Model",
    truncateAt: 280,
    cell: ({ model }) => (
      <Text inherit fw={500}>
        {model ?? "Not named"}
      </Text>
    ),
  },
  {
    header: "Cause",
    onPhone: "heading",
    cell: ({ cause }) => <StateLabel tone={causes[cause].tone}>{causes[cause].label}</StateLabel>,
  },
  { header: "Day", cell: ({ day }) => day },
  { header: "Provider", truncateAt: 180, cell: ({ connectionName }) => connectionName },
  { header: "Ours", align: "right", cell: ({ ours }) => <Amount usd={ours?.costUsd ?? null} /> },
  { header: "Theirs", align: "right", cell: ({ theirs }) => <Amount usd={theirs?.costUsd ?? null} /> },
  { header: "Residual", align: "right", cell: ({ residualUsd }) => <Amount usd={residualUsd} /> },
];

function Amount({ usd }: { usd: string | null }) {
  return usd === null ? "–" : <Money usd={usd} />;
}

/** Day, provider and model: what the ledger has, what the provider charged, and why they differ. */
export function ReconciliationTable({ range }: { range: DayRange }) {
  const reconciliation = useQuery(reconciliationQuery(range));
  return (
    <QueryStates
      query={reconciliation}
      isEmpty={({ rows }) => rows.length === 0}
      empty={
        <EmptyState icon={<IconScale size={24} aria-hidden />} title="Nothing to reconcile">
          No call was billed in this month, and no statement covers it.
        </EmptyState>
      }
    >
      {({ rows, totals }) => (
        <Stack>
          <Facts
            facts={[
              { name: "Ours, on days with a statement", value: <Money usd={totals.oursUsd} /> },
              { name: "Theirs", value: <Money usd={totals.theirsUsd} /> },
              { name: "Residual", value: <Money usd={totals.residualUsd} /> },
            ]}
          />
          <DataTable
            label="Our cost beside the provider's"
            columns={columns}
            rows={rows}
            keyOf={({ day, connectionId, model }) => `${day} ${connectionId} ${model}`}
            isStale={reconciliation.isPlaceholderData}
          />
        </Stack>
      )}
    </QueryStates>
  );
}
