"use client";
import { Alert, Anchor, Badge, Group, List, Stack, Table, Text } from "@mantine/core";
import type { Receipt } from "@switchyard/api-contract/requests";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { CopyText } from "../../ui/copy-text.tsx";
import { Facts } from "../../ui/facts.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showBytes, showExactUsd, showInstant } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { AttemptTimeline } from "./attempt-timeline.tsx";
import { describeEnding } from "./outcome.ts";
import { receiptQuery } from "./queries.ts";
import { sumBudgets } from "./receipt-sums.ts";
import { ReceiptTable } from "./receipt-table.tsx";
import classes from "./requests.module.css";

/** Everything that is known of one call: how it ended, why it went where it went, what it cost. */
export function RequestDetail({ requestId }: { requestId: string }) {
  const receipt = useQuery(receiptQuery(requestId));
  return (
    <Stack gap="xl">
      <Group justify="space-between" gap="xs">
        <CopyText text={requestId} label="request id" />
        {receipt.data && <Ending receipt={receipt.data} />}
        {receipt.data?.status === 429 && (
          <Anchor component={Link} size="sm" href={`/blocked?request=${requestId}`}>
            Why was it blocked?
          </Anchor>
        )}
      </Group>
      <QueryStates query={receipt}>{(data) => <Parts receipt={data} />}</QueryStates>
    </Stack>
  );
}

function Ending({ receipt }: { receipt: Receipt }) {
  const ending = describeEnding(receipt);
  return (
    <Text size="sm" component="div">
      <StateLabel tone={ending.tone}>{ending.label}</StateLabel>
    </Text>
  );
}

function Parts({ receipt }: { receipt: Receipt }) {
  const budgets = sumBudgets(receipt.attemptDetails);
  return (
    <>
      {receipt.warnings.length > 0 && (
        <Alert color="yellow" title="Changed on the way" p="sm">
          <List size="sm">
            {receipt.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Facts facts={factsOf(receipt)} />
      <Section title="Why it went there">
        {receipt.because.length === 0 ? (
          <Text size="sm" c="dimmed">
            No decision was needed.
          </Text>
        ) : (
          <ol className={classes.reasons} aria-label="Reasons">
            {receipt.because.map((reason, index) => (
              <li key={`${index} ${reason.code}`}>{reason.text}</li>
            ))}
          </ol>
        )}
      </Section>
      {receipt.attemptDetails.length > 0 && (
        <Section title="Timing">
          <AttemptTimeline receipt={receipt} />
        </Section>
      )}
      <Section title="Receipt">
        <ReceiptTable receipt={receipt} />
      </Section>
      {budgets.length > 0 && (
        <Section title="Budgets charged">
          <Table verticalSpacing={5} horizontalSpacing={0} fz="sm" withRowBorders={false}>
            <Table.Thead>
              <Table.Tr>
                {["Budget", "Held", "Charged"].map((heading, index) => (
                  <Table.Th key={heading} ta={index === 0 ? "left" : "right"} fw={400} fz="xs" c="dimmed">
                    {heading}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {budgets.map((budget) => (
                <Table.Tr key={budget.id}>
                  <Table.Td>
                    <Anchor component={Link} href={`/budgets?budget=${encodeURIComponent(budget.id)}`} inherit>
                      {budget.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{showExactUsd(budget.heldUsd)}</Table.Td>
                  <Table.Td ta="right">{showExactUsd(budget.chargedUsd)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Section>
      )}
    </>
  );
}

function factsOf(receipt: Receipt) {
  const facts = [
    { name: "Time", value: <time dateTime={receipt.startedAt}>{showInstant(receipt.startedAt)}</time> },
    { name: "Route", value: receipt.routeName ?? `none (asked for “${receipt.requestedModel}”)` },
    {
      name: "Served by",
      value:
        receipt.connectionName === null
          ? servedWithout(receipt)
          : `${receipt.connectionName} / ${receipt.providerModel}`,
    },
    { name: "Team and project", value: `${receipt.teamName} / ${receipt.projectName}` },
    { name: "Virtual key", value: receipt.keyName },
    { name: "Operation", value: `${receipt.operation}${receipt.stream ? ", streamed" : ""}` },
    { name: "Response cache", value: describeCache(receipt) },
    {
      name: "Policy revision",
      value: (
        <Anchor component={Link} href="/routes?view=history" inherit>
          {receipt.policyRevision}
        </Anchor>
      ),
    },
    { name: "Size", value: `${showBytes(receipt.requestBytes)} in, ${showBytes(receipt.responseBytes)} out` },
  ];
  if (receipt.user !== null) facts.push({ name: "User", value: receipt.user });
  if (receipt.session !== null) facts.push({ name: "Session", value: receipt.session });
  if (receipt.tags.length > 0) facts.push({ name: "Tags", value: <Tags tags={receipt.tags} /> });
  return facts;
}

function describeCache({ cache, savedUsd }: Receipt): string {
  if (cache === "hit" && savedUsd !== "0") return `hit, saved ${showExactUsd(savedUsd)}`;
  return { hit: "hit", miss: "miss", bypass: "not used" }[cache];
}

function servedWithout(receipt: Receipt): string {
  return receipt.cache === "hit" ? "the response cache" : "nobody";
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <Group gap={4} mt={2}>
      {tags.map((tag) => (
        <Badge key={tag} color="gray">
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
