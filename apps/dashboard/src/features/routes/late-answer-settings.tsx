"use client";
import { Group, NumberInput, Stack, Switch } from "@mantine/core";
import type { RouteResilience } from "@switchyard/policy-engine/policy/route";

interface LateAnswerSettingsProps {
  readonly resilience: RouteResilience;
  readonly isReadOnly: boolean;
  readonly onChange: (resilience: RouteResilience) => void;
}

const objectives = [
  { field: "firstTokenMs", label: "First token of a stream", description: "Empty: no objective" },
  { field: "wholeAnswerMs", label: "Whole of any other answer", description: "Empty: no objective" },
] as const;

const noWaiting = { waitAtMostMs: 0, waitingAtMost: 100 };

/** When a target that answers too late is left alone, whether a second one is asked beside it, and what is waited for. */
export function LateAnswerSettings({ resilience, isReadOnly, onChange }: LateAnswerSettingsProps) {
  const { latencyObjective, hedging, providerLimits = noWaiting } = resilience;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="end">
        {objectives.map(({ field, label, description }) => (
          <NumberInput
            key={field}
            label={label}
            description={description}
            suffix=" ms"
            min={10}
            max={600_000}
            step={100}
            allowDecimal={false}
            value={latencyObjective[field] ?? ""}
            onChange={(value) =>
              onChange({
                ...resilience,
                latencyObjective: { ...latencyObjective, [field]: typeof value === "number" ? value : null },
              })
            }
            disabled={isReadOnly}
            w={220}
          />
        ))}
      </Group>
      <Switch
        label="Ask the next target beside one whose first token is late (both are paid for)"
        checked={hedging.enabled}
        onChange={(event) => onChange({ ...resilience, hedging: { ...hedging, enabled: event.currentTarget.checked } })}
        disabled={isReadOnly}
      />
      <NumberInput
        label="Of this route's calls at most"
        suffix=" %"
        min={1}
        max={20}
        allowDecimal={false}
        value={hedging.mostPercentOfCalls}
        onChange={(value) =>
          typeof value === "number" && onChange({ ...resilience, hedging: { ...hedging, mostPercentOfCalls: value } })
        }
        disabled={isReadOnly || !hedging.enabled}
        w={220}
      />
      <Group gap="sm" align="end">
        <NumberInput
          label="Wait for room at a full provider"
          description="Longer waits go to the next target"
          suffix=" ms"
          min={0}
          max={30_000}
          step={100}
          allowDecimal={false}
          value={providerLimits.waitAtMostMs}
          onChange={(value) =>
            typeof value === "number" &&
            onChange({ ...resilience, providerLimits: { ...providerLimits, waitAtMostMs: value } })
          }
          disabled={isReadOnly}
          w={220}
        />
        <NumberInput
          label="Calls that may wait"
          description="In one gateway process"
          min={1}
          max={10_000}
          allowDecimal={false}
          value={providerLimits.waitingAtMost}
          onChange={(value) =>
            typeof value === "number" &&
            onChange({ ...resilience, providerLimits: { ...providerLimits, waitingAtMost: value } })
          }
          disabled={isReadOnly || providerLimits.waitAtMostMs === 0}
          w={220}
        />
      </Group>
    </Stack>
  );
}
