"use client";
import { Badge, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Member } from "@switchyard/api-contract/access";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { Section } from "../../ui/section.tsx";
import { ShownOnce } from "../../ui/shown-once.tsx";
import { AdminTokens } from "./admin-tokens.tsx";
import { MemberForm } from "./member-form.tsx";
import { useChangeRole, useRemoveMember } from "./mutations.ts";
import { membersQuery } from "./queries.ts";
import { RoleSelect } from "./role-select.tsx";

const columns: readonly Column<Member>[] = [
  {
    header: "Name",
    truncateAt: 240,
    cell: ({ name, isYou }) => (
      <Group gap={6} wrap="nowrap">
        <Text inherit fw={500} truncate>
          {name}
        </Text>
        {isYou && <Badge color="gray">You</Badge>}
      </Group>
    ),
  },
  { header: "E-mail", truncateAt: 260, cell: ({ email }) => email },
  { header: "Role", width: 330, cell: (member) => <MemberRole member={member} /> },
  { header: "Since", cell: ({ createdAt }) => <Moment iso={createdAt} /> },
  { header: "Actions", align: "right", cell: (member) => <RemoveMember member={member} /> },
];

export function MembersScreen() {
  const members = useQuery(membersQuery);
  const [isAdding, { open, close }] = useDisclosure();
  const [password, setPassword] = useState<string | null>(null);
  const { refusals, canEditPolicy } = usePermissions();
  return (
    <Page
      title="Members"
      description="People who administer Switchyard, and the tokens of their automation."
      actions={
        <GuardedButton leftSection={<IconPlus size={16} aria-hidden />} refusal={refusals.members} onClick={open}>
          Add member
        </GuardedButton>
      }
    >
      <Section title="People">
        <QueryStates query={members} skeletonRows={3}>
          {(data) => <DataTable label="Members" columns={columns} rows={data} keyOf={({ id }) => id} />}
        </QueryStates>
      </Section>
      {canEditPolicy && <AdminTokens />}
      <Modal opened={isAdding} onClose={close} title="Add a member">
        {isAdding && (
          <MemberForm
            onAdded={(first) => {
              close();
              setPassword(first);
            }}
          />
        )}
      </Modal>
      <ShownOnce title="Their first password" what="first password" secret={password} onClose={() => setPassword(null)}>
        <Text size="sm">Pass it on in a safe way.</Text>
      </ShownOnce>
    </Page>
  );
}

function MemberRole({ member }: { member: Member }) {
  const changeRole = useChangeRole();
  const { canManageMembers } = usePermissions();
  if (!canManageMembers) return member.role;
  return (
    <RoleSelect
      size="xs"
      aria-label={`Role of ${member.name}`}
      value={member.role}
      disabled={changeRole.isPending}
      onChange={(role) =>
        changeRole.mutate(
          { id: member.id, role },
          { onSuccess: () => notifyDone(`${member.name} is ${role} now.`), onError: notifyFailure },
        )
      }
    />
  );
}

function RemoveMember({ member }: { member: Member }) {
  const remove = useRemoveMember();
  const { refusals } = usePermissions();
  if (member.isYou) return null;
  const confirm = () =>
    askFirst({
      title: `Remove ${member.name}?`,
      consequence: "Their sessions end at once. What they did stays in the audit log.",
      confirm: "Remove member",
      isDestructive: true,
      onConfirm: () =>
        remove.mutate(member.id, { onSuccess: () => notifyDone(`${member.name} is removed.`), onError: notifyFailure }),
    });
  return (
    <GuardedButton size="compact-xs" variant="subtle" color="red" refusal={refusals.members} onClick={confirm}>
      Remove
    </GuardedButton>
  );
}
