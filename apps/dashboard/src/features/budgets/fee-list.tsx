"use client";
import { Button, Group, Modal, Text } from "@mantine/core";
import type { GatewayFee } from "@switchyard/api-contract/gateway-fees";
import { IconReceipt } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { showExactUsd } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { FeeForm } from "./fee-form.tsx";
import { useRemoveFee } from "./mutations.ts";
import { gatewayFeesQuery } from "./queries.ts";

const scopeNames: { readonly [type in GatewayFee["scope"]["type"]]: string } = {
  virtual_key: "Key",
  project: "Project",
  team: "Team",
  route: "Route",
  organisation: "Organisation",
};

export function FeeList() {
  const fees = useQuery(gatewayFeesQuery);
  const [editing, setEditing] = useState<GatewayFee | null>(null);
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        A call pays one fee: that of its key, else of its project, team, route or the organisation. It is held with the
        provider&rsquo;s cost, counts against budgets, and is a line of its own on receipts, in reports and exports.
      </Text>
      <QueryStates
        query={fees}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconReceipt size={24} aria-hidden />} title="No gateway fee">
            Callers pay what providers bill, and nothing on top.
          </EmptyState>
        }
      >
        {(data) => <DataTable label="Gateway fees" columns={columns(setEditing)} rows={data} keyOf={({ id }) => id} />}
      </QueryStates>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={`Fee of ${editing?.scopeName}`}>
        {editing && <FeeForm fee={editing} onDone={() => setEditing(null)} />}
      </Modal>
    </>
  );
}

const columns = (onEdit: (fee: GatewayFee) => void): readonly Column<GatewayFee>[] => [
  { header: "Level", cell: ({ scope }) => scopeNames[scope.type] },
  { header: "For", truncateAt: 300, cell: ({ scopeName }) => scopeName },
  { header: "For each request", align: "right", cell: ({ perRequestUsd }) => showExactUsd(perRequestUsd) },
  { header: "Of the cost", align: "right", cell: ({ percentOfCost }) => `${percentOfCost} %` },
  { header: "Actions", align: "right", cell: (fee) => <Actions fee={fee} onEdit={onEdit} /> },
];

function Actions({ fee, onEdit }: { fee: GatewayFee; onEdit: (fee: GatewayFee) => void }) {
  const { canEditMoney } = usePermissions();
  const remove = useRemoveFee();
  if (!canEditMoney) return null;
  const confirm = () =>
    askFirst({
      title: `Remove the fee of ${fee.scopeName}?`,
      consequence: "New calls pay the fee of the next wider level, or none. What was charged stays.",
      confirm: "Remove fee",
      isDestructive: true,
      onConfirm: () =>
        remove.mutate(fee.id, { onSuccess: () => notifyDone("The fee is removed."), onError: notifyFailure }),
    });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onEdit(fee)}>
        Edit
      </Button>
      <Button size="compact-xs" variant="subtle" color="red" onClick={confirm}>
        Remove
      </Button>
    </Group>
  );
}
