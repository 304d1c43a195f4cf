"use client";
import { Button, Group, Menu, Modal, Select, Stack, Text } from "@mantine/core";
import type { VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { askFirst } from "../../ui/ask-first.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { KeyForm } from "./key-form.tsx";
import { isUsable } from "./key-state.tsx";
import { useRevokeKey, useRotateKey, useUpdateKey } from "./mutations.ts";

interface KeyActionsProps {
  readonly virtualKey: VirtualKey;
  /** A rotation issued a successor, whose token is shown once. */
  readonly onIssued: (token: string) => void;
}

const overlaps = [
  { value: "0", label: "None: the old key stops at once" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
];

export function KeyActions({ virtualKey, onIssued }: KeyActionsProps) {
  const [open, setOpen] = useState<"edit" | "rotate" | null>(null);
  const { refusals } = usePermissions();
  const revoke = useRevokeKey();
  if (!isUsable(virtualKey)) return null;
  const close = () => setOpen(null);
  const confirmRevocation = () =>
    askFirst({
      title: `Revoke ${virtualKey.name}?`,
      consequence: "Every gateway refuses it within seconds. This cannot be undone; issue a new key instead.",
      confirm: "Revoke key",
      isDestructive: true,
      onConfirm: () =>
        revoke.mutate(virtualKey.id, {
          onSuccess: () => notifyDone(`${virtualKey.name} is revoked.`),
          onError: notifyFailure,
        }),
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <GuardedButton
            size="compact-sm"
            variant="subtle"
            color="gray"
            refusal={refusals.policy}
            aria-label={`Actions for ${virtualKey.name}`}
          >
            <IconDots size={16} aria-hidden />
          </GuardedButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setOpen("edit")}>Edit</Menu.Item>
          <Menu.Item onClick={() => setOpen("rotate")}>Rotate</Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" onClick={confirmRevocation}>
            Revoke
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={open === "edit"} onClose={close} title={`Edit ${virtualKey.name}`}>
        {open === "edit" && <EditKey virtualKey={virtualKey} onDone={close} />}
      </Modal>
      <Modal opened={open === "rotate"} onClose={close} title={`Rotate ${virtualKey.name}`}>
        {open === "rotate" && (
          <RotateKey
            virtualKey={virtualKey}
            onDone={(token) => {
              close();
              onIssued(token);
            }}
          />
        )}
      </Modal>
    </>
  );
}

function EditKey({ virtualKey, onDone }: { virtualKey: VirtualKey; onDone: () => void }) {
  const update = useUpdateKey();
  const { name, allowedRouteIds, passthroughConnectionIds, expiresAt, projectId } = virtualKey;
  return (
    <KeyForm
      initial={{ name, allowedRouteIds, passthroughConnectionIds, expiresAt, projectId }}
      isProjectFixed
      submitLabel="Save"
      isPending={update.isPending}
      error={update.error}
      onSubmit={(settings) =>
        update.mutate(
          {
            id: virtualKey.id,
            body: {
              name: settings.name,
              allowedRouteIds: settings.allowedRouteIds,
              passthroughConnectionIds: settings.passthroughConnectionIds,
              expiresAt: settings.expiresAt,
            },
          },
          { onSuccess: onDone },
        )
      }
    />
  );
}

function RotateKey({ virtualKey, onDone }: { virtualKey: VirtualKey; onDone: (token: string) => void }) {
  const [overlap, setOverlap] = useState("86400");
  const rotate = useRotateKey();
  return (
    <Stack>
      <Text size="sm">
        A successor with the same rights is issued now. The old key goes on working until the overlap ends, so that
        callers can change over.
      </Text>
      <Select
        label="Overlap"
        data={overlaps}
        value={overlap}
        onChange={(value) => setOverlap(value ?? "86400")}
        allowDeselect={false}
      />
      {rotate.error && <Failure error={rotate.error} />}
      <Group justify="flex-end">
        <Button
          loading={rotate.isPending}
          onClick={() =>
            rotate.mutate(
              { id: virtualKey.id, overlapSeconds: Number(overlap) },
              { onSuccess: ({ token }) => onDone(token) },
            )
          }
        >
          Rotate key
        </Button>
      </Group>
    </Stack>
  );
}
