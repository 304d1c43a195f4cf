"use client";
import { Accordion, Badge, Button, Code, Group, List, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import type { PolicyChange, PolicyRevisionSummary } from "@switchyard/api-contract/policy-revisions";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { useRollBack } from "./mutations.ts";
import { revisionDiffQuery, revisionsQuery } from "./queries.ts";

/** Every published revision, newest first, with what each changed and the way back to it. */
export function RevisionHistory() {
  const revisions = useInfiniteQuery(revisionsQuery);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <QueryStates query={revisions}>
      {(data) => (
        <Stack gap="sm">
          <Accordion variant="separated" value={open} onChange={setOpen}>
            {data.pages
              .flatMap((page) => page.items)
              .map((revision) => (
                <Accordion.Item key={revision.number} value={String(revision.number)}>
                  <Accordion.Control>
                    <RevisionLine revision={revision} />
                  </Accordion.Control>
                  <Accordion.Panel>
                    {open === String(revision.number) && <RevisionDetail revision={revision} />}
                  </Accordion.Panel>
                </Accordion.Item>
              ))}
          </Accordion>
          {revisions.hasNextPage && (
            <Button
              variant="default"
              loading={revisions.isFetchingNextPage}
              onClick={() => void revisions.fetchNextPage()}
            >
              Show earlier revisions
            </Button>
          )}
        </Stack>
      )}
    </QueryStates>
  );
}

function RevisionLine({ revision }: { revision: PolicyRevisionSummary }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" fw={600} miw={36} style={{ fontVariantNumeric: "tabular-nums" }}>
        {revision.number}
      </Text>
      <div style={{ minWidth: 0 }}>
        <Text size="sm" truncate>
          {revision.summary}
        </Text>
        <Text size="xs" c="dimmed" title={revision.createdAt}>
          {revision.createdBy} · {showInstant(revision.createdAt)}
        </Text>
      </div>
      {revision.isCurrent && (
        <Badge size="sm" variant="light" ml="auto">
          Live
        </Badge>
      )}
    </Group>
  );
}

function RevisionDetail({ revision }: { revision: PolicyRevisionSummary }) {
  const diff = useQuery(revisionDiffQuery(revision.number));
  const { canEditPolicy } = usePermissions();
  const rollBack = useRollBack();
  const confirm = () =>
    modals.openConfirmModal({
      title: `Roll back to revision ${revision.number}?`,
      children: (
        <Text size="sm">
          Routes, budgets and rate limits become what they were in revision {revision.number}, as a new revision. Keys,
          credentials, connections and prices stay as they are now.
        </Text>
      ),
      labels: { confirm: "Roll back", cancel: "Cancel" },
      onConfirm: () =>
        rollBack.mutate(revision.number, {
          onSuccess: ({ number }) => notifications.show({ message: `Rolled back: revision ${number} is live.` }),
          onError: (error) => notifications.show({ color: "red", message: error.message }),
        }),
    });
  return (
    <Stack gap="sm">
      <QueryStates query={diff} skeletonRows={2}>
        {(data) =>
          data.changes.length === 0 ? (
            <Text size="sm" c="dimmed">
              No difference to revision {data.from}.
            </Text>
          ) : (
            <List size="sm" spacing={4}>
              {data.changes.map((change) => (
                <List.Item key={change.path.join(" ") + change.kind}>
                  <ChangeText change={change} />
                </List.Item>
              ))}
            </List>
          )
        }
      </QueryStates>
      <Group justify="space-between">
        <Code>{revision.sha256.slice(0, 16)}</Code>
        {!revision.isCurrent && (
          <Button
            size="xs"
            variant="light"
            onClick={confirm}
            loading={rollBack.isPending}
            disabled={!canEditPolicy}
            title={canEditPolicy ? undefined : "Your role may not publish policy"}
          >
            Roll back to {revision.number}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function ChangeText({ change }: { change: PolicyChange }) {
  const path = change.path.join(" › ");
  if (change.kind === "added") return `${path}: added${change.after === null ? "" : ` (${change.after})`}`;
  if (change.kind === "removed") return `${path}: removed${change.before === null ? "" : ` (${change.before})`}`;
  return `${path}: ${change.before ?? "nothing"} → ${change.after ?? "nothing"}`;
}
