"use client";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useRollBack } from "./mutations.ts";

const offerMs = 15_000;

/** Tells that a change is live and offers the way back for a while: a roll-back to the revision before it. */
export function offerUndo(routeName: string, policyRevision: number): void {
  const id = `published-${policyRevision}`;
  notifications.show({
    id,
    autoClose: offerMs,
    message: <Published id={id} routeName={routeName} policyRevision={policyRevision} />,
  });
}

function Published({ id, routeName, policyRevision }: { id: string; routeName: string; policyRevision: number }) {
  const rollBack = useRollBack();
  const undo = () =>
    rollBack.mutate(policyRevision - 1, {
      onSuccess: (revision) =>
        notifications.update({
          id,
          message: `Undone: revision ${revision.number} is as ${policyRevision - 1} was.`,
          autoClose: 5_000,
        }),
      onError: (error) => notifications.update({ id, color: "red", message: error.message, autoClose: 10_000 }),
    });
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">
        Route {routeName} is published as revision {policyRevision}.
      </Text>
      <Button size="compact-xs" variant="light" loading={rollBack.isPending} onClick={undo}>
        Undo
      </Button>
    </Group>
  );
}
