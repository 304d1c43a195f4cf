"use client";
import { Code, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral } from "nuqs";
import { useState } from "react";
import { projectsQuery } from "../../control-plane/lists.ts";
import { usePermissions, useSession } from "../../session/session-gate.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { FilterSelect } from "../../ui/filter-select.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { useListFilters } from "../../ui/list-filters.ts";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { PagerBar } from "../../ui/pager-bar.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { KeyActions } from "./key-actions.tsx";
import { KeyForm } from "./key-form.tsx";
import { KeyState, keyStates } from "./key-state.tsx";
import { useIssueKey } from "./mutations.ts";
import { virtualKeysQuery, type VirtualKeyState } from "./queries.ts";

const stateNames = Object.keys(keyStates) as VirtualKeyState[];
const parsers = { projectId: parseAsString, state: parseAsStringLiteral(stateNames), search: parseAsString };

const columns = (onIssued: (token: string) => void): readonly Column<VirtualKey>[] => [
  {
    header: "Name",
    truncateAt: 220,
    cell: ({ name }) => (
      <Text inherit fw={500}>
        {name}
      </Text>
    ),
  },
  { header: "State", onPhone: "heading", cell: (virtualKey) => <KeyState virtualKey={virtualKey} /> },
  { header: "Project", truncateAt: 220, cell: ({ teamName, projectName }) => `${teamName} / ${projectName}` },
  { header: "Key", cell: ({ hint }) => <Code>{hint}</Code> },
  {
    header: "May call",
    cell: ({ allowedRouteIds }) => (allowedRouteIds === null ? "Every route" : `${allowedRouteIds.length} routes`),
  },
  { header: "Ends", cell: ({ overlapEndsAt, expiresAt }) => <Moment iso={overlapEndsAt ?? expiresAt} never="Never" /> },
  { header: "Last used", cell: ({ lastUsedAt }) => <Moment iso={lastUsedAt} never="Not yet" /> },
  {
    header: "Actions",
    align: "right",
    cell: (virtualKey) => <KeyActions virtualKey={virtualKey} onIssued={onIssued} />,
  },
];

export function VirtualKeysScreen() {
  const { filters, change, pager } = useListFilters(parsers);
  const keys = useQuery(virtualKeysQuery({ ...filters, cursor: pager.cursor }));
  const projects = useQuery(projectsQuery);
  const [isIssuing, { open, close }] = useDisclosure();
  const [token, setToken] = useState<string | null>(null);
  const { refusals } = usePermissions();
  const issue = useIssueKey();
  const issueButton = (
    <GuardedButton leftSection={<IconPlus size={16} aria-hidden />} refusal={refusals.policy} onClick={open}>
      Issue key
    </GuardedButton>
  );
  return (
    <Page title="Virtual keys" description="What applications call the gateway with." actions={issueButton}>
      <Group gap="xs">
        <SearchField
          aria-label="Search by name"
          placeholder="Search by name"
          value={filters.search}
          onSettle={(search) => change({ search })}
        />
        <FilterSelect
          label="Project"
          choices={projects.data?.map(({ id, name, teamName }) => ({ value: id, label: `${teamName} / ${name}` }))}
          value={filters.projectId}
          onChange={(projectId) => change({ projectId })}
        />
        <FilterSelect
          label="State"
          choices={stateNames.map((state) => ({ value: state, label: keyStates[state].label }))}
          value={filters.state}
          onChange={(state) => change({ state: state as VirtualKeyState | null })}
        />
      </Group>
      <QueryStates
        query={keys}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState icon={<IconKey size={24} aria-hidden />} title="No keys here" action={issueButton}>
            A virtual key belongs to a project, so that its spend does too.
          </EmptyState>
        }
      >
        {({ items, nextCursor }) => (
          <>
            <DataTable
              label="Virtual keys"
              columns={columns(setToken)}
              rows={items}
              keyOf={({ id }) => id}
              isStale={keys.isPlaceholderData}
            />
            <PagerBar pager={pager} nextCursor={nextCursor} count={items.length} />
          </>
        )}
      </QueryStates>
      <Modal opened={isIssuing} onClose={close} title="Issue a virtual key">
        {isIssuing && (
          <KeyForm
            initial={{
              name: "",
              allowedRouteIds: null,
              passthroughConnectionIds: [],
              expiresAt: null,
              projectId: filters.projectId,
            }}
            isProjectFixed={false}
            submitLabel="Issue key"
            isPending={issue.isPending}
            error={issue.error}
            onSubmit={(body) =>
              issue.mutate(body, {
                onSuccess: (issued) => {
                  close();
                  setToken(issued.token);
                },
              })
            }
          />
        )}
      </Modal>
      <ShownOnce title="The new key" what="virtual key" secret={token} onClose={() => setToken(null)}>
        <FirstCall />
      </ShownOnce>
    </Page>
  );
}

function FirstCall() {
  const { gatewayUrl } = useSession();
  return (
    <div>
      <Text size="sm" mb={4}>
        Put it in SWITCHYARD_KEY and try it:
      </Text>
      <Code block>
        {`curl ${gatewayUrl ?? "http://127.0.0.1:8080"}/v1/models \\\n  -H "authorization: Bearer $SWITCHYARD_KEY"`}
      </Code>
    </div>
  );
}
