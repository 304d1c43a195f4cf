"use client";
import { Button, Drawer, Group, Stack, Table, Text } from "@mantine/core";
import { DatePickerInput } from "@mantine/dates";
import type { AuditEntry } from "@switchyard/api-contract/access";
import { IconCalendar, IconClipboardList } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { CopyText } from "../../ui/copy-text.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Facts } from "../../ui/facts.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { FilterSelect } from "../../ui/filter-select.tsx";
import { useListFilters } from "../../ui/list-filters.ts";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { PagerBar } from "../../ui/pager-bar.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { SearchField } from "../../ui/search-field.tsx";
import { auditLogQuery } from "./queries.ts";
import { changesBetween } from "./state-changes.ts";

const resourceTypes = [
  "team",
  "project",
  "virtual_key",
  "provider_connection",
  "credential",
  "model",
  "price_version",
  "route",
  "budget",
  "rate_limit",
  "policy_revision",
  "member",
  "admin_token",
  "alert_webhook",
];

const columns: readonly Column<AuditEntry>[] = [
  { header: "When", width: 150, cell: ({ at }) => <Moment iso={at} /> },
  {
    header: "Action",
    onPhone: "heading",
    cell: ({ action }) => (
      <Text inherit fw={500}>
        {action}
      </Text>
    ),
  },
  { header: "Who", truncateAt: 240, cell: ({ actorName }) => actorName },
  { header: "What", truncateAt: 320, cell: (entry) => nameOf(entry) },
  { header: "Revision", align: "right", cell: ({ policyRevision }) => policyRevision ?? "–" },
];

const parsers = {
  resourceType: parseAsString,
  resourceId: parseAsString,
  actor: parseAsString,
  firstDay: parseAsString,
  lastDay: parseAsString,
};

export function AuditLogScreen() {
  const { filters, change, pager } = useListFilters(parsers);
  const [open, setOpen] = useQueryState("entry", parseAsString.withOptions({ history: "push" }));
  const entries = useQuery(auditLogQuery({ ...filters, cursor: pager.cursor }));
  const shown = entries.data?.items.find(({ id }) => id === open) ?? null;
  const showHistoryOf = (resourceId: string) => {
    change({ resourceId, resourceType: null, actor: null, firstDay: null, lastDay: null });
    void setOpen(null);
  };
  return (
    <Page title="Audit log" description="Every change, who made it, and what it was before.">
      <Group gap="xs">
        <FilterSelect
          label="Kind"
          choices={resourceTypes.map((type) => ({ value: type, label: type.replaceAll("_", " ") }))}
          value={filters.resourceType}
          onChange={(resourceType) => change({ resourceType })}
        />
        <SearchField aria-label="Who" placeholder="Who" value={filters.actor} onSettle={(actor) => change({ actor })} />
        <DatePickerInput
          type="range"
          size="xs"
          w={{ base: "100%", xs: 220 }}
          placeholder="Any day"
          valueFormat="D MMM YYYY"
          leftSection={<IconCalendar size={14} aria-hidden />}
          value={[filters.firstDay, filters.lastDay]}
          onChange={([firstDay, lastDay]) => change({ firstDay, lastDay })}
          allowSingleDateInRange
          clearable
        />
        {filters.resourceId !== null && (
          <FilterChip label="Only" value={filters.resourceId} onRemove={() => change({ resourceId: null })} />
        )}
      </Group>
      <QueryStates
        query={entries}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={<IconClipboardList size={24} aria-hidden />} title="No changes here">
            No change fits the filters.
          </EmptyState>
        }
      >
        {({ items, nextCursor }) => (
          <>
            <DataTable
              label="Changes, newest first"
              columns={columns}
              rows={items}
              keyOf={({ id }) => id}
              opens={{
                href: ({ id }) => `/audit-log?entry=${id}`,
                onOpen: ({ id }) => void setOpen(id),
                openKey: open,
              }}
              isStale={entries.isPlaceholderData}
            />
            <PagerBar pager={pager} nextCursor={nextCursor} count={items.length} />
          </>
        )}
      </QueryStates>
      <Drawer opened={shown !== null} onClose={() => void setOpen(null)} size={640} title={shown?.action}>
        {shown && <EntryDetail entry={shown} onShowHistory={() => showHistoryOf(shown.resourceId)} />}
      </Drawer>
    </Page>
  );
}

/** The name a thing had, where its state has one; its kind otherwise. */
function nameOf({ resourceType, before, after }: AuditEntry): string {
  const kind = resourceType.replaceAll("_", " ");
  for (const state of [after, before]) {
    if (typeof state === "object" && state !== null && "name" in state && typeof state.name === "string")
      return `${kind} ${state.name}`;
  }
  return kind;
}

function EntryDetail({ entry, onShowHistory }: { entry: AuditEntry; onShowHistory: () => void }) {
  const changes = changesBetween(entry.before, entry.after);
  return (
    <Stack>
      <Facts
        facts={[
          { name: "When", value: showInstant(entry.at) },
          { name: "Who", value: `${entry.actorName} (${entry.actorType.replaceAll("_", " ")})` },
          { name: "What", value: nameOf(entry) },
          { name: "Id", value: <CopyText text={entry.resourceId} label="id" /> },
          { name: "Policy revision", value: entry.policyRevision ?? "none" },
        ]}
      />
      <Group>
        <Button size="xs" variant="default" onClick={onShowHistory}>
          Every change of it
        </Button>
      </Group>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          No state was recorded with this change.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={460}>
          <Table verticalSpacing={4} aria-label="Fields that changed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Field</Table.Th>
                <Table.Th>Before</Table.Th>
                <Table.Th>After</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {changes.map(({ path, before, after }) => (
                <Table.Tr key={path}>
                  <Table.Td>{path}</Table.Td>
                  <Table.Td c="dimmed">{before ?? "–"}</Table.Td>
                  <Table.Td>{after ?? "–"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}
