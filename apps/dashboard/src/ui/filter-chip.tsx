import { Button, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

/** A filter that is set; pressing it drops it. */
export function FilterChip({ label, value, onRemove }: { label: string; value: string; onRemove: () => void }) {
  return (
    <Button
      size="compact-sm"
      h={30}
      fz={12}
      variant="default"
      rightSection={<IconX size={12} aria-hidden />}
      aria-label={`${label} ${value}: remove filter`}
      onClick={onRemove}
      maw={260}
    >
      <Text span inherit c="dimmed" mr={5} fw={400}>
        {label}
      </Text>{" "}
      <Text span inherit truncate>
        {value}
      </Text>
    </Button>
  );
}
