import { NumberInput, Stack, Switch, TagsInput, TextInput } from "@mantine/core";
import type { RouteDraft } from "./route-draft.ts";

interface GuardSettingsProps {
  readonly guards: RouteDraft["guards"];
  readonly isReadOnly: boolean;
  readonly onChange: (guards: RouteDraft["guards"]) => void;
}

type Requires = RouteDraft["guards"]["requires"];

const promises = [
  { field: "ownRegion", label: "In the region of the gateway that answers" },
  { field: "zeroRetention", label: "The provider keeps nothing" },
  { field: "noTraining", label: "The provider does not train on it" },
] as const;

/** What an attempt may cost, and what its connection has to promise. A target that does not is passed over. */
export function GuardSettings({ guards, isReadOnly, onChange }: GuardSettingsProps) {
  const { requires } = guards;
  const require = (changed: { readonly [field in keyof Requires]: Requires[field] | undefined }) => {
    const kept = Object.entries({ ...requires, ...changed }).filter(([, value]) => value !== undefined);
    onChange({ ...guards, requires: Object.fromEntries(kept) });
  };
  const listed = (values: string[]): string[] | undefined => (values.length === 0 ? undefined : values);
  return (
    <Stack gap="sm">
      <TextInput
        label="Price ceiling of an attempt, in US dollars"
        description="Targets that could cost more are passed over, and answers are cut to it. Empty: no ceiling."
        inputMode="decimal"
        value={guards.mostCostUsd ?? ""}
        onChange={(event) => onChange({ ...guards, mostCostUsd: event.currentTarget.value.trim() || null })}
        disabled={isReadOnly}
        maw={320}
      />
      <NumberInput
        label="Ceiling of later choices, in percent of the first"
        description="A fallback that could cost more than this share of the first choice’s cost is passed over. Empty: no such ceiling."
        suffix=" %"
        min={100}
        max={100_000}
        step={50}
        allowDecimal={false}
        value={guards.mostPercentOfFirst ?? ""}
        onChange={(value) => onChange({ ...guards, mostPercentOfFirst: typeof value === "number" ? value : null })}
        disabled={isReadOnly}
        maw={320}
      />
      <TagsInput
        label="Regions"
        description="A connection must name one of these. Empty: wherever it is."
        value={requires.regions ?? []}
        onChange={(regions) => require({ regions: listed(regions) })}
        disabled={isReadOnly}
      />
      <TagsInput
        label="Jurisdictions"
        value={requires.jurisdictions ?? []}
        onChange={(jurisdictions) => require({ jurisdictions: listed(jurisdictions) })}
        disabled={isReadOnly}
      />
      {promises.map(({ field, label }) => (
        <Switch
          key={field}
          label={label}
          checked={requires[field] ?? false}
          onChange={(event) => require({ [field]: event.currentTarget.checked || undefined })}
          disabled={isReadOnly}
        />
      ))}
    </Stack>
  );
}
