import { Group, Text } from "@mantine/core";

/** One line in, two lines out: what a switchyard does. */
export function Logo() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg
        width="24"
        height="24"
        viewBox="0 0 24 24"
        fill="none"
        stroke="var(--mantine-primary-color-filled)"
        strokeWidth="2.4"
        strokeLinecap="round"
        aria-hidden
      >
        <path d="M3 12h5c4 0 4-6 8-6h5" />
        <path d="M8 12c4 0 4 6 8 6h5" />
      </svg>
      <Text fw={650} size="md" component="span">
        Switchyard
      </Text>
    </Group>
  );
}
