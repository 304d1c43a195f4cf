import { Badge, Group, Text } from "@mantine/core";
import type { RequestSummary } from "@switchyard/api-contract/requests";
import type { Column } from "../../ui/data-table.tsx";
import { Money } from "../../ui/money.tsx";
import { showDuration, showTime } from "../../ui/quantities.ts";
import { StateLabel } from "../../ui/state-label.tsx";
import { describeEnding } from "./outcome.ts";

export const requestColumns: readonly Column<RequestSummary>[] = [
  {
    header: "Time",
    width: 124,
    cell: (request) => (
      <time dateTime={request.startedAt} style={{ whiteSpace: "nowrap" }}>
        {showTime(request.startedAt)}
      </time>
    ),
  },
  {
    header: "Outcome",
    onPhone: "heading",
    cell: (request) => {
      const { tone, label } = describeEnding(request);
      return <StateLabel tone={tone}>{label}</StateLabel>;
    },
  },
  {
    header: "Route",
    truncateAt: 170,
    cell: (request) =>
      request.routeName ?? (
        <Text inherit span c="dimmed">
          {request.requestedModel}
        </Text>
      ),
  },
  { header: "Served by", truncateAt: 220, cell: (request) => <ServedBy request={request} /> },
  {
    header: "Virtual key",
    truncateAt: 170,
    cell: (request) => (
      <>
        {request.keyName}{" "}
        <Text inherit span c="dimmed">
          {request.projectName}
        </Text>
      </>
    ),
  },
  { header: "Cost", align: "right", cell: (request) => <Money usd={request.costUsd} /> },
  {
    header: "First token",
    align: "right",
    onPhone: "hidden",
    cell: (request) => showDuration(request.timeToFirstTokenMs),
  },
  { header: "Duration", align: "right", cell: (request) => showDuration(request.durationMs) },
];

function ServedBy({ request }: { request: RequestSummary }) {
  if (request.cache === "hit") return <Badge color="blue">Cache</Badge>;
  if (request.connectionName === null) {
    return (
      <Text inherit span c="dimmed">
        –
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap" justify="inherit">
      <Text inherit span truncate>
        {request.providerModel}{" "}
        <Text inherit span c="dimmed">
          {request.connectionName}
        </Text>
      </Text>
      {request.attempts > 1 && (
        <Badge color="yellow" style={{ flex: "none" }}>
          {request.attempts} attempts
        </Badge>
      )}
    </Group>
  );
}
