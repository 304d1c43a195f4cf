import { Anchor, Group, Paper, SegmentedControl, Table, Text } from "@mantine/core";
import type { Overview } from "@switchyard/api-contract/reports";
import Link from "next/link";
import { overviewMetrics } from "./overview-metrics.ts";

interface BreakdownTableProps {
  readonly overview: Overview;
  readonly by: "route" | "provider";
  readonly onChange: (by: "route" | "provider") => void;
}

/** The totals split by route or by provider, largest first. */
export function BreakdownTable({ overview, by, onChange }: BreakdownTableProps) {
  return (
    <Paper withBorder>
      <Group justify="space-between" p="sm">
        <Text component="h2" size="sm" fw={600}>
          By {by}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Split by"
          data={[
            { value: "route", label: "Route" },
            { value: "provider", label: "Provider" },
          ]}
          value={by}
          onChange={(value) => onChange(value === "provider" ? "provider" : "route")}
        />
      </Group>
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing={8} horizontalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{by === "route" ? "Route" : "Provider"}</Table.Th>
              {overviewMetrics.map((metric) => (
                <Table.Th key={metric.key} ta="right">
                  {metric.label}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {overview.breakdown.map((row) => (
              <Table.Tr key={row.id ?? "none"}>
                <Table.Td>
                  {row.id === null ? (
                    <Text size="sm" c="dimmed">
                      {row.name}
                    </Text>
                  ) : (
                    <Anchor
                      component={Link}
                      size="sm"
                      href={`/requests?${by === "route" ? "routeId" : "connectionId"}=${encodeURIComponent(row.id)}`}
                    >
                      {row.name}
                    </Anchor>
                  )}
                </Table.Td>
                {overviewMetrics.map((metric) => (
                  <Table.Td key={metric.key} ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
                    {metric.show(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
