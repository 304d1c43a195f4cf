"use client";
import { Button, Group, List, NumberInput, Stack, Switch, Table, TagsInput, Text, TextInput } from "@mantine/core";
import { type Preview, type PreviewBody, whatIfOperations } from "@switchyard/api-contract/what-if";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { callOperation } from "../../control-plane/call-operation.ts";
import { Failure } from "../../ui/failure.tsx";
import { showCount, showDuration, showExactUsd } from "../../ui/quantities.ts";
import { bodyOf, type RouteDraft } from "./route-draft.ts";

type ImaginedCall = PreviewBody["call"];

interface WhatIfProps {
  readonly draft: RouteDraft;
  /** Null for a route that is being made: it has had no calls. */
  readonly routeId: string | null;
}

const replayedCalls = 500;
const traits = [
  { field: "stream", label: "Stream" },
  { field: "tools", label: "Tools" },
  { field: "images", label: "Images" },
  { field: "jsonSchema", label: "JSON schema" },
] as const;

/** Asks what the draft would do with a call, and with those that the route had, before anybody publishes it. */
export function WhatIf({ draft, routeId }: WhatIfProps) {
  const [call, setCall] = useState<ImaginedCall>({ inputTokens: 500, outputTokens: 200 });
  const preview = useMutation({
    mutationFn: async (most: number) =>
      (
        await callOperation(whatIfOperations.preview, {
          body: { routeId, route: bodyOf(draft), call, replayCalls: most },
        })
      ).data,
  });
  const change = (fields: Partial<ImaginedCall>) => setCall((current) => ({ ...current, ...fields }));
  const named = (text: string): string | null => text.trim() || null;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="end">
        <NumberInput
          label="Tokens of input"
          min={0}
          max={10_000_000}
          allowDecimal={false}
          value={call.inputTokens}
          onChange={(value) => typeof value === "number" && change({ inputTokens: value })}
          w={140}
        />
        <NumberInput
          label="Tokens of answer asked for"
          min={1}
          max={10_000_000}
          allowDecimal={false}
          value={call.outputTokens ?? ""}
          onChange={(value) => change({ outputTokens: typeof value === "number" ? value : null })}
          w={190}
        />
        <TextInput label="User" onChange={(event) => change({ user: named(event.currentTarget.value) })} w={130} />
        <TextInput
          label="Session"
          onChange={(event) => change({ session: named(event.currentTarget.value) })}
          w={130}
        />
        <TagsInput
          label="Tags"
          placeholder="env=prod"
          value={call.tags ?? []}
          onChange={(tags) => change({ tags })}
          flex="1 1 160px"
        />
      </Group>
      <Group gap="md">
        {traits.map(({ field, label }) => (
          <Switch
            key={field}
            size="xs"
            label={label}
            checked={call[field] ?? false}
            onChange={(event) => change({ [field]: event.currentTarget.checked })}
          />
        ))}
      </Group>
      <Group gap="xs">
        <Button size="xs" variant="default" loading={preview.isPending} onClick={() => preview.mutate(0)}>
          Try this call
        </Button>
        {routeId !== null && (
          <Button size="xs" variant="default" loading={preview.isPending} onClick={() => preview.mutate(replayedCalls)}>
            Plan the last {replayedCalls} calls again
          </Button>
        )}
      </Group>
      {preview.error && <Failure error={preview.error} />}
      {preview.data && <Outcome preview={preview.data} />}
    </Stack>
  );
}

function Outcome({ preview }: { preview: Preview }) {
  const { attempts, because, firstChoices, draws, replay } = preview;
  return (
    <Stack gap="xs" aria-live="polite">
      <Text size="sm">
        {firstChoices
          .map(({ label, calls }) => `${label ?? "nobody"} first for ${showShare(calls, draws)} of such calls`)
          .join(", ")}
        . Every target is taken to be in service, and as quick and as good as it is known to be now.
      </Text>
      <List size="sm" type="ordered" aria-label="What the draft would do">
        {because.map(({ code, text }, index) => (
          <List.Item key={`${index} ${code}`}>{text}</List.Item>
        ))}
      </List>
      {attempts.length > 0 && (
        <Text size="sm" c="dimmed">
          Expected cost:{" "}
          {attempts
            .map(
              ({ label, expectedUsd }) =>
                `${label} ${expectedUsd === null ? "has no price" : showExactUsd(expectedUsd)}`,
            )
            .join(", ")}
          .
        </Text>
      )}
      {replay && <Replay replay={replay} />}
    </Stack>
  );
}

function Replay({ replay }: { replay: NonNullable<Preview["replay"]> }) {
  if (replay.calls === 0) return <Text size="sm">This route had no answered calls in the last 30 days.</Text>;
  const { calls, elsewhere, unanswered, unpriced, beforeUsd, afterUsd, usualMs, targets, teams } = replay;
  return (
    <>
      <Text size="sm">
        Of the last {showCount(calls)} calls {showCount(elsewhere)} would go elsewhere, and {showCount(unanswered)}{" "}
        would find no target. All would cost {showExactUsd(afterUsd)} instead of {showExactUsd(beforeUsd)}
        {unpriced > 0 && `, without ${showCount(unpriced)} that have no price`}.
        {usualMs !== null &&
          ` Half of such answers take ${showDuration(usualMs.after)} there instead of ${showDuration(usualMs.before)}.`}
      </Text>
      <Table verticalSpacing={4} fz="sm" aria-label="First choices of the last calls">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>First choice</Table.Th>
            <Table.Th ta="right">Published</Table.Th>
            <Table.Th ta="right">Draft</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {targets.map(({ label, before, after }) => (
            <Table.Tr key={label}>
              <Table.Td>{label}</Table.Td>
              <Table.Td ta="right">{showCount(before)}</Table.Td>
              <Table.Td ta="right">{showCount(after)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Table verticalSpacing={4} fz="sm" aria-label="What changes for each team">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Team</Table.Th>
            <Table.Th ta="right">Calls</Table.Th>
            <Table.Th ta="right">Without a target</Table.Th>
            <Table.Th ta="right">Published</Table.Th>
            <Table.Th ta="right">Draft</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {teams.map((team) => (
            <Table.Tr key={team.teamId}>
              <Table.Td>{team.teamName}</Table.Td>
              <Table.Td ta="right">{showCount(team.calls)}</Table.Td>
              <Table.Td ta="right">{showCount(team.unanswered)}</Table.Td>
              <Table.Td ta="right">{showExactUsd(team.beforeUsd)}</Table.Td>
              <Table.Td ta="right">{showExactUsd(team.afterUsd)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function showShare(calls: number, draws: number): string {
  return calls === draws ? "all" : `about ${Math.round((calls / draws) * 100)} %`;
}
