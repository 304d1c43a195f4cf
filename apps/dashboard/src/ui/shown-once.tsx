"use client";
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyText } from "./copy-text.tsx";

interface ShownOnceProps {
  readonly title: string;
  /** Null while there is nothing to show. */
  readonly secret: string | null;
  /** What the secret is, for the copy button: "virtual key". */
  readonly what: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** A secret on its only appearance. Nothing but the button closes it, so that a stray click does not lose the secret. */
export function ShownOnce({ title, secret, what, children, onClose }: ShownOnceProps) {
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {secret !== null && (
        <Stack>
          <Alert color="yellow" variant="light" p="sm">
            Copy it now: it is kept only as a hash and will not be shown again.
          </Alert>
          <Stack gap={4}>
            <Text size="sm" fw={500}>
              {`${what.charAt(0).toUpperCase()}${what.slice(1)}`}
            </Text>
            <CopyText text={secret} label={what} isBlock />
          </Stack>
          {children}
          <Group justify="flex-end">
            <Button onClick={onClose}>I have copied it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
