"use client";
import { Button, Code, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { AdminToken } from "@switchyard/api-contract/access";
import type { Role } from "@switchyard/api-contract/operation";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { Section } from "../../ui/section.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { useCreateAdminToken, useRevokeAdminToken } from "./mutations.ts";
import { adminTokensQuery } from "./queries.ts";
import { RoleSelect } from "./role-select.tsx";

const columns: readonly Column<AdminToken>[] = [
  {
    header: "Name",
    truncateAt: 240,
    cell: ({ name }) => (
      <Text inherit fw={500}>
        {name}
      </Text>
    ),
  },
  {
    header: "State",
    onPhone: "heading",
    cell: ({ revokedAt }) =>
      revokedAt === null ? <StateLabel tone="good">Active</StateLabel> : <StateLabel tone="idle">Revoked</StateLabel>,
  },
  { header: "Role", cell: ({ role }) => role },
  { header: "Token", cell: ({ hint }) => <Code>{hint}</Code> },
  { header: "Made by", cell: ({ createdBy }) => createdBy },
  { header: "Last used", cell: ({ lastUsedAt }) => <Moment iso={lastUsedAt} never="Not yet" /> },
  {
    header: "Actions",
    align: "right",
    cell: (token) => (token.revokedAt === null ? <RevokeToken token={token} /> : null),
  },
];

/** Tokens that automation calls the admin API with. */
export function AdminTokens() {
  const tokens = useQuery(adminTokensQuery);
  const [isCreating, { open, close }] = useDisclosure();
  const [secret, setSecret] = useState<string | null>(null);
  const { refusals } = usePermissions();
  return (
    <Section
      title="Admin tokens"
      description="For automation: Authorization: Bearer sy-admin-…"
      actions={
        <GuardedButton size="xs" variant="default" refusal={refusals.members} onClick={open}>
          New token
        </GuardedButton>
      }
    >
      <QueryStates
        query={tokens}
        isEmpty={(data) => data.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            No tokens.
          </Text>
        }
        skeletonRows={2}
      >
        {(data) => <DataTable label="Admin tokens" columns={columns} rows={data} keyOf={({ id }) => id} />}
      </QueryStates>
      <Modal opened={isCreating} onClose={close} title="New admin token">
        {isCreating && (
          <TokenForm
            onCreated={(token) => {
              close();
              setSecret(token);
            }}
          />
        )}
      </Modal>
      <ShownOnce title="The new token" what="admin token" secret={secret} onClose={() => setSecret(null)} />
    </Section>
  );
}

function TokenForm({ onCreated }: { onCreated: (token: string) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("admin");
  const create = useCreateAdminToken();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate({ name: name.trim(), role }, { onSuccess: ({ token }) => onCreated(token) });
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          data-autofocus
        />
        <RoleSelect label="Role" value={role} onChange={setRole} />
        {create.error && <Failure error={create.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RevokeToken({ token }: { token: AdminToken }) {
  const revoke = useRevokeAdminToken();
  const { refusals } = usePermissions();
  const confirm = () =>
    askFirst({
      title: `Revoke ${token.name}?`,
      consequence: "Automation that uses it is refused at once. This cannot be undone.",
      confirm: "Revoke token",
      isDestructive: true,
      onConfirm: () =>
        revoke.mutate(token.id, { onSuccess: () => notifyDone(`${token.name} is revoked.`), onError: notifyFailure }),
    });
  return (
    <GuardedButton size="compact-xs" variant="subtle" color="red" refusal={refusals.members} onClick={confirm}>
      Revoke
    </GuardedButton>
  );
}
