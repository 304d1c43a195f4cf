"use client";
import { Button, Group, Modal, Text } from "@mantine/core";
import type { RateLimit } from "@switchyard/api-contract/quotas";
import { IconGauge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { showCount } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { useLiftRateLimit } from "./mutations.ts";
import { rateLimitsQuery } from "./queries.ts";
import { measureNames, RateLimitForm } from "./rate-limit-form.tsx";

export function RateLimitList({ create }: { create: ReactNode }) {
  const limits = useQuery(rateLimitsQuery);
  const [editing, setEditing] = useState<RateLimit | null>(null);
  return (
    <>
      <QueryStates
        query={limits}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconGauge size={24} aria-hidden />} title="No rate limits yet" action={create}>
            A limit keeps one caller from taking what others need. It holds over all gateway processes together.
          </EmptyState>
        }
      >
        {(data) => <DataTable label="Rate limits" columns={columns(setEditing)} rows={data} keyOf={({ id }) => id} />}
      </QueryStates>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={`Edit ${editing?.name}`}>
        {editing && <RateLimitForm rateLimit={editing} onDone={() => setEditing(null)} />}
      </Modal>
    </>
  );
}

const columns = (onEdit: (rateLimit: RateLimit) => void): readonly Column<RateLimit>[] => [
  {
    header: "Name",
    truncateAt: 260,
    cell: ({ name }) => (
      <Text inherit fw={500}>
        {name}
      </Text>
    ),
  },
  { header: "For", truncateAt: 300, cell: ({ scopeName }) => scopeName },
  { header: "At most", align: "right", cell: ({ limit, measure }) => `${showCount(limit)} ${measureNames[measure]}` },
  { header: "Leased now", align: "right", cell: ({ leased }) => showCount(leased) },
  { header: "Actions", align: "right", cell: (rateLimit) => <Actions rateLimit={rateLimit} onEdit={onEdit} /> },
];

function Actions({ rateLimit, onEdit }: { rateLimit: RateLimit; onEdit: (rateLimit: RateLimit) => void }) {
  const { canEditMoney } = usePermissions();
  const lift = useLiftRateLimit();
  if (!canEditMoney) return null;
  const confirm = () =>
    askFirst({
      title: `Lift the limit ${rateLimit.name}?`,
      consequence: "Calls are no longer bounded by it, within seconds.",
      confirm: "Lift limit",
      isDestructive: true,
      onConfirm: () =>
        lift.mutate(rateLimit.id, {
          onSuccess: () => notifyDone(`${rateLimit.name} is lifted.`),
          onError: notifyFailure,
        }),
    });
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onEdit(rateLimit)}>
        Edit
      </Button>
      <Button size="compact-xs" variant="subtle" color="red" onClick={confirm}>
        Lift
      </Button>
    </Group>
  );
}
