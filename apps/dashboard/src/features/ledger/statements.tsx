"use client";
import { Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ProviderStatement } from "@switchyard/api-contract/reconciliation";
import { IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { usePermissions } from "../../session/session-gate.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Money } from "../../ui/money.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showCount } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { formatNames, ImportForm } from "./import-form.tsx";
import { statementsQuery } from "./queries.ts";

const columns: readonly Column<ProviderStatement>[] = [
  { header: "Provider", truncateAt: 220, cell: ({ connectionName }) => connectionName },
  { header: "Kind", cell: ({ format }) => formatNames[format] },
  { header: "Days", cell: ({ firstDay, lastDay }) => (firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`) },
  { header: "Lines", align: "right", cell: ({ lines }) => showCount(lines) },
  {
    header: "Sum",
    align: "right",
    onPhone: "heading",
    cell: ({ sumUsd }) => (sumUsd === null ? "usage only" : <Money usd={sumUsd} />),
  },
  { header: "Imported", cell: ({ importedAt }) => <Moment iso={importedAt} /> },
];

/** Files of what providers say they charged. */
export function Statements() {
  const statements = useQuery(statementsQuery);
  const [isImporting, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  return (
    <Section
      title="Statements"
      description="A newer file takes the place of older ones for the days that it covers."
      actions={
        <GuardedButton
          size="xs"
          variant="default"
          leftSection={<IconUpload size={14} aria-hidden />}
          refusal={refusals.money}
          onClick={open}
        >
          Import statement
        </GuardedButton>
      }
    >
      <QueryStates
        query={statements}
        isEmpty={(items) => items.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            None yet. Import a provider&apos;s cost or usage export to compare it with the ledger.
          </Text>
        }
        skeletonRows={2}
      >
        {(items) => <DataTable label="Imported statements" columns={columns} rows={items} keyOf={({ id }) => id} />}
      </QueryStates>
      <Modal opened={isImporting} onClose={close} title="Import a statement">
        {isImporting && <ImportForm onDone={close} />}
      </Modal>
    </Section>
  );
}
