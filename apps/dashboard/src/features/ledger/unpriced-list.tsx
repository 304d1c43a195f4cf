"use client";
import { Anchor } from "@mantine/core";
import type { UnpricedUsage } from "@switchyard/api-contract/reconciliation";
import { IconTagOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Moment } from "../../ui/moment.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showCount } from "../../ui/quantities.ts";
import type { DayRange } from "../../ui/months.ts";
import { unpricedQuery } from "./queries.ts";

const columns: readonly Column<UnpricedUsage>[] = [
  {
    header: "Model",
    truncateAt: 320,
    cell: ({ model, modelId }) => (
      <Anchor component={Link} href={`/models?model=${encodeURIComponent(modelId)}`} inherit>
        {model}
      </Anchor>
    ),
  },
  { header: "Provider", truncateAt: 200, cell: ({ connectionName }) => connectionName },
  { header: "Attempts", align: "right", onPhone: "heading", cell: ({ attempts }) => showCount(attempts) },
  { header: "Tokens", align: "right", cell: ({ tokens }) => showCount(Number(tokens)) },
  { header: "First", cell: ({ firstAt }) => <Moment iso={firstAt} /> },
  { header: "Last", cell: ({ lastAt }) => <Moment iso={lastAt} /> },
];

/** What was used while it had no price: somebody has to name one, and correct what was served without. */
export function UnpricedList({ range }: { range: DayRange }) {
  const unpriced = useQuery(unpricedQuery(range));
  return (
    <QueryStates
      query={unpriced}
      isEmpty={(items) => items.length === 0}
      empty={
        <EmptyState icon={<IconTagOff size={24} aria-hidden />} title="Everything had a price">
          Usage of models without a price shows here. Where a hard budget applies, such calls are refused.
        </EmptyState>
      }
      skeletonRows={3}
    >
      {(items) => (
        <DataTable
          label="Usage without a price"
          columns={columns}
          rows={items}
          keyOf={({ connectionId, modelId }) => `${connectionId} ${modelId}`}
        />
      )}
    </QueryStates>
  );
}
