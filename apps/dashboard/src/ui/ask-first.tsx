import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";

interface Question {
  readonly title: string;
  /** What happens, and whether it can be undone. */
  readonly consequence: string;
  readonly confirm: string;
  readonly isDestructive?: boolean;
  readonly onConfirm: () => void;
}

/** Asks before something that is hard to take back. */
export function askFirst({ title, consequence, confirm, isDestructive, onConfirm }: Question): void {
  modals.openConfirmModal({
    title,
    children: <Text size="sm">{consequence}</Text>,
    labels: { confirm, cancel: "Cancel" },
    ...(isDestructive ? { confirmProps: { color: "red.9" } } : {}),
    onConfirm,
  });
}
