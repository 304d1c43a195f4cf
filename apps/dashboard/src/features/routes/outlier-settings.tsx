"use client";
import { NumberInput, SimpleGrid, Stack, Switch, Text } from "@mantine/core";
import type { OutlierEjection } from "@switchyard/policy-engine/health/outlier-ejection";
import type { RouteResilience } from "@switchyard/policy-engine/policy/route";

interface OutlierSettingsProps {
  readonly resilience: RouteResilience;
  readonly isReadOnly: boolean;
  readonly onChange: (resilience: RouteResilience) => void;
}

const usualEjection: OutlierEjection = {
  errorPointsAbovePeers: 20,
  timesSlowerThanPeers: null,
  mostPercent: 50,
  forSeconds: 10,
};

interface Field {
  readonly field: keyof OutlierEjection;
  readonly label: string;
  readonly description: string;
  readonly suffix: string;
  readonly min: number;
  readonly max: number;
  /** Empty: this is not compared. */
  readonly mayBeEmpty: boolean;
}

const fields: readonly Field[] = [
  {
    field: "errorPointsAbovePeers",
    label: "Failed calls above the peers' median",
    description: "Empty: errors do not count",
    suffix: " points",
    min: 5,
    max: 95,
    mayBeEmpty: true,
  },
  {
    field: "timesSlowerThanPeers",
    label: "Times as slow as the peers",
    description: "Empty: times do not count",
    suffix: " times",
    min: 2,
    max: 100,
    mayBeEmpty: true,
  },
  {
    field: "mostPercent",
    label: "Left out at one time at most",
    description: "Of the targets side by side, rounded down",
    suffix: " %",
    min: 1,
    max: 90,
    mayBeEmpty: false,
  },
  {
    field: "forSeconds",
    label: "For, the first time",
    description: "Doubles each time, up to 5 minutes",
    suffix: " s",
    min: 1,
    max: 600,
    mayBeEmpty: false,
  },
];

/** Whether a target that does worse than the others beside it is left out for a while. */
export function OutlierSettings({ resilience, isReadOnly, onChange }: OutlierSettingsProps) {
  const { outlierEjection, ...rest } = resilience;
  return (
    <Stack gap="sm">
      <Switch
        label="Leave a target out for a while when it does worse than those beside it"
        checked={outlierEjection !== undefined}
        onChange={(event) => onChange(event.currentTarget.checked ? { ...rest, outlierEjection: usualEjection } : rest)}
        disabled={isReadOnly}
      />
      <Text size="xs" c="dimmed">
        For targets that are alike, as one model in three regions. A circuit opens by itself when half of a
        target&apos;s calls fail; this notices smaller differences. The last target is never left out.
      </Text>
      {outlierEjection !== undefined && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          {fields.map(({ field, label, description, suffix, min, max, mayBeEmpty }) => (
            <NumberInput
              key={field}
              label={label}
              description={description}
              suffix={suffix}
              min={min}
              max={max}
              allowDecimal={false}
              value={outlierEjection[field] ?? ""}
              onChange={(value) => {
                if (typeof value !== "number" && !mayBeEmpty) return;
                const next = typeof value === "number" ? value : null;
                onChange({ ...rest, outlierEjection: { ...outlierEjection, [field]: next } });
              }}
              disabled={isReadOnly}
            />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  );
}
