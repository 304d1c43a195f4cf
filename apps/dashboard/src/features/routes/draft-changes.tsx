import { Table, Text } from "@mantine/core";
import type { DraftChange } from "./route-draft.ts";

/** Before and after, one line a change: what somebody agrees to by publishing. */
export function DraftChanges({ changes }: { changes: readonly DraftChange[] }) {
  if (changes.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing to publish: the draft is what gateways run now.
      </Text>
    );
  }
  return (
    <Table verticalSpacing={4} aria-label="Changes that publishing makes">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Change</Table.Th>
          <Table.Th>Published</Table.Th>
          <Table.Th>Draft</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changes.map((change) => (
          <Table.Tr key={change.what}>
            <Table.Td>{change.what}</Table.Td>
            <Table.Td c="dimmed">{change.before}</Table.Td>
            <Table.Td fw={500}>{change.after}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
