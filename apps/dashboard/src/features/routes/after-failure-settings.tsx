"use client";
import { NativeSelect, SimpleGrid, Stack, Text } from "@mantine/core";
import type { RouteResilience } from "@switchyard/policy-engine/policy/route";
import { type Trouble, usualAfterFailure } from "@switchyard/policy-engine/resilience/after-failure";
import { followWords, troubles } from "./after-failure.ts";

interface AfterFailureSettingsProps {
  readonly resilience: RouteResilience;
  readonly isReadOnly: boolean;
  readonly onChange: (resilience: RouteResilience) => void;
}

const asUsual = "";

/** What may follow a failed attempt, by the kind of trouble. */
export function AfterFailureSettings({ resilience, isReadOnly, onChange }: AfterFailureSettingsProps) {
  const set = (trouble: Trouble, follow: string): void => {
    const { [trouble]: _before, ...others } = resilience.afterFailure ?? {};
    const afterFailure = follow === asUsual ? others : { ...others, [trouble]: follow };
    const { afterFailure: _all, ...rest } = resilience;
    onChange(Object.keys(afterFailure).length === 0 ? rest : { ...rest, afterFailure });
  };
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        What follows when a target fails
      </Text>
      <Text size="xs" c="dimmed">
        Only before the client has a byte, within the attempts above, and never to a target that this route would not
        use.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        {troubles.map(({ trouble, label, follows }) => (
          <NativeSelect
            key={trouble}
            label={label}
            data={[
              { value: asUsual, label: `As usual: ${followWords[usualAfterFailure[trouble]]}` },
              ...follows.map((follow) => ({ value: follow, label: followWords[follow] })),
            ]}
            value={resilience.afterFailure?.[trouble] ?? asUsual}
            onChange={(event) => set(trouble, event.currentTarget.value)}
            disabled={isReadOnly}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
