import { Group, NumberInput, Switch } from "@mantine/core";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";

interface ProbeSettingsProps {
  readonly probe: ProviderConnection["probe"];
  readonly onChange: (probe: ProviderConnection["probe"]) => void;
}

const usual = { afterIdleSeconds: 30 };

/** Whether an idle connection is asked for its model list now and then. */
export function ProbeSettings({ probe, onChange }: ProbeSettingsProps) {
  return (
    <Group gap="lg" align="flex-start">
      <Switch
        label="Probe it while no calls go there"
        description="Asks for its model list, which costs nothing, and tries it so when it could not be reached."
        checked={probe !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? usual : null)}
        flex="1 1 260px"
      />
      {probe !== null && (
        <NumberInput
          label="After so long without a call"
          suffix=" s"
          min={5}
          max={3_600}
          allowDecimal={false}
          value={probe.afterIdleSeconds}
          onChange={(value) => typeof value === "number" && onChange({ afterIdleSeconds: value })}
          w={200}
        />
      )}
    </Group>
  );
}
