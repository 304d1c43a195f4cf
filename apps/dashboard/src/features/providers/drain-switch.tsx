"use client";
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { usePermissions } from "../../session/session-gate.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { useUpdateConnection } from "./mutations.ts";

const undoForMs = 10_000;

/** Takes a connection out of service for a while, or back, at one press; the notice that follows takes it back. */
export function DrainSwitch({ connection }: { connection: Pick<ProviderConnection, "id" | "name" | "drained"> }) {
  const { id, name, drained } = connection;
  const { refusals } = usePermissions();
  const update = useUpdateConnection();
  const turn = (to: boolean, onSuccess: () => void) =>
    update.mutate({ id, body: { drained: to } }, { onSuccess, onError: notifyFailure });
  const offerUndo = () => {
    const notice = notifications.show({
      autoClose: undoForMs,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{drained ? `${name} takes calls again.` : `${name} gets no new calls.`}</Text>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(notice);
              turn(drained, () => notifyDone(drained ? `${name} is drained again.` : `${name} takes calls again.`));
            }}
          >
            Undo
          </Button>
        </Group>
      ),
    });
  };
  return (
    <GuardedButton
      size="compact-sm"
      variant="default"
      refusal={refusals.policy}
      loading={update.isPending}
      aria-label={drained ? `Put ${name} back in service` : `Drain ${name}`}
      onClick={() => turn(!drained, offerUndo)}
    >
      {drained ? "Back in service" : "Drain"}
    </GuardedButton>
  );
}
