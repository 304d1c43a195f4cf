import { Button, Group, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { Pager } from "./list-filters.ts";
import { showCount } from "./quantities.ts";

/** The way through a keyset list: no page numbers, because nobody counts the rows. Absent where one page holds all. */
export function PagerBar({ pager, nextCursor, count }: { pager: Pager; nextCursor: string | null; count: number }) {
  const { toPrevious, toNext } = pager;
  if (toPrevious === null && nextCursor === null) return null;
  return (
    <Group justify="space-between" component="nav" aria-label="Pages of the list">
      <Text size="xs" c="dimmed">
        {showCount(count)} rows
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconChevronLeft size={14} aria-hidden />}
          disabled={toPrevious === null}
          onClick={() => toPrevious?.()}
        >
          Previous
        </Button>
        <Button
          size="xs"
          variant="default"
          rightSection={<IconChevronRight size={14} aria-hidden />}
          disabled={nextCursor === null}
          onClick={() => nextCursor !== null && toNext(nextCursor)}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}
