"use client";
import { Button, Group, NativeSelect, NumberInput, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { AddTarget } from "./add-target.tsx";
import { connectionsQuery, modelNameQuery } from "./queries.ts";
import type { RouteDraft } from "./route-draft.ts";

interface ShadowSettingsProps {
  readonly draft: RouteDraft;
  readonly isReadOnly: boolean;
  readonly onChange: (shadow: RouteDraft["shadow"]) => void;
}

const firstPercent = 5;
const everyCall = "";

/** A target that is tried out on copies of real calls before it may answer any. */
export function ShadowSettings({ draft, isReadOnly, onChange }: ShadowSettingsProps) {
  const { shadow, groups, name } = draft;
  const connections = useQuery(connectionsQuery);
  const model = useQuery(modelNameQuery(shadow?.modelId ?? null));
  const connection = connections.data?.find(({ id }) => id === shadow?.connectionId)?.name ?? "…";
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        A share of the calls is sent once more, to this target, when the client has its answer. Nobody sees what comes;
        how it did is under the route&apos;s outcomes, what it cost on the receipts. Copies are paid for from the
        budgets of the call; a budget of the tag <code>shadow={name || "route"}</code> caps them alone.
      </Text>
      {shadow === null && !isReadOnly && (
        <AddTarget
          targets={[]}
          label="Copy calls to it"
          onAdd={({ connectionId, modelId }) => onChange({ connectionId, modelId, percent: firstPercent })}
        />
      )}
      {shadow === null && isReadOnly && <Text size="sm">No calls are copied.</Text>}
      {shadow !== null && (
        <>
          <Group justify="space-between" gap="xs">
            <Text size="sm" fw={500}>
              {connection} / {model.data ?? "…"}
            </Text>
            {!isReadOnly && (
              <Button size="xs" variant="default" onClick={() => onChange(null)}>
                Copy no calls
              </Button>
            )}
          </Group>
          <Group gap="sm" align="end">
            <NumberInput
              label="Share of the calls"
              suffix=" %"
              min={1}
              max={100}
              allowDecimal={false}
              value={shadow.percent}
              onChange={(value) => typeof value === "number" && onChange({ ...shadow, percent: value })}
              disabled={isReadOnly}
              w={160}
            />
            {groups.length > 0 && (
              <NativeSelect
                label="Of the calls that go to"
                data={[
                  { value: everyCall, label: "any target" },
                  ...groups.map((group) => ({ value: group.groupId, label: group.name })),
                ]}
                value={shadow.groupId ?? everyCall}
                onChange={(event) => {
                  const { groupId: _before, ...rest } = shadow;
                  const groupId = event.currentTarget.value;
                  onChange(groupId === everyCall ? rest : { ...rest, groupId });
                }}
                disabled={isReadOnly}
                w={220}
              />
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}
