"use client";
import { Drawer, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { connectionsQuery } from "../../control-plane/lists.ts";
import { usePermissions } from "../../session/session-gate.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Page } from "../../ui/page.tsx";
import { showCount } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { ConnectForm } from "./connect-form.tsx";
import { ConnectionDetail } from "./connection-detail.tsx";
import { providerKindsQuery } from "./queries.ts";

export function ProvidersScreen() {
  const connections = useQuery(connectionsQuery);
  const kinds = useQuery(providerKindsQuery);
  const [selected, setSelected] = useQueryState("connection", parseAsString.withOptions({ history: "push" }));
  const [isConnecting, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  const shown = connections.data?.find(({ id }) => id === selected) ?? null;
  const connect = (
    <GuardedButton leftSection={<IconPlus size={16} aria-hidden />} refusal={refusals.policy} onClick={open}>
      Connect provider
    </GuardedButton>
  );
  const displayNameOf = (kind: string) => kinds.data?.find((candidate) => candidate.kind === kind)?.displayName ?? kind;
  return (
    <Page
      title="Providers"
      description="Accounts at providers, with their credentials and attributes."
      actions={connect}
    >
      <QueryStates
        query={connections}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconPlugConnected size={24} aria-hidden />} title="No provider connected" action={connect}>
            Routes send calls to models of the providers connected here.
          </EmptyState>
        }
      >
        {(data) => (
          <DataTable
            label="Provider connections"
            columns={columns(displayNameOf)}
            rows={data}
            keyOf={({ id }) => id}
            opens={{
              href: ({ id }) => `/providers?connection=${id}`,
              onOpen: ({ id }) => void setSelected(id),
              openKey: selected,
            }}
          />
        )}
      </QueryStates>
      <Drawer opened={shown !== null} onClose={() => void setSelected(null)} size={620} title={shown?.name}>
        {shown && <ConnectionDetail key={shown.id} connection={shown} onClose={() => void setSelected(null)} />}
      </Drawer>
      <Modal opened={isConnecting} onClose={close} title="Connect a provider" size="lg">
        {isConnecting && (
          <ConnectForm
            onConnected={(id) => {
              close();
              void setSelected(id);
            }}
          />
        )}
      </Modal>
    </Page>
  );
}

const columns = (displayNameOf: (kind: string) => string): readonly Column<ProviderConnection>[] => [
  {
    header: "Name",
    truncateAt: 220,
    cell: ({ name }) => (
      <Text inherit fw={500}>
        {name}
      </Text>
    ),
  },
  { header: "State", onPhone: "heading", cell: (connection) => <ConnectionState connection={connection} /> },
  { header: "Kind", cell: ({ kind }) => displayNameOf(kind) },
  { header: "Address", truncateAt: 300, cell: ({ baseUrl }) => baseUrl },
  { header: "Region", cell: ({ region }) => region ?? "–" },
  { header: "Credentials", align: "right", cell: ({ credentials }) => showCount(credentials.length) },
  { header: "Routes", align: "right", cell: ({ routeCount }) => (routeCount === 0 ? "–" : showCount(routeCount)) },
];

function ConnectionState({ connection }: { connection: ProviderConnection }) {
  if (!connection.enabled) return <StateLabel tone="idle">Off</StateLabel>;
  if (connection.drained) return <StateLabel tone="warning">Drained</StateLabel>;
  const hasOnlyVoid =
    connection.credentials.length > 0 && connection.credentials.every(({ state }) => state === "void");
  if (hasOnlyVoid) return <StateLabel tone="bad">Needs a credential</StateLabel>;
  return <StateLabel tone="good">On</StateLabel>;
}
