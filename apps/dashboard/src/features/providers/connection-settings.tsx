import { Group, Select, Stack, Switch, TextInput } from "@mantine/core";
import type { ProviderConnection, ProviderKind } from "@switchyard/api-contract/provider-connections";
import { ProbeSettings } from "./probe-settings.tsx";
import { QuirkSettings } from "./quirk-settings.tsx";

/** What a connection's form edits, apart from its kind and its credentials. */
export interface ConnectionSettings {
  readonly name: string;
  readonly baseUrl: string;
  readonly enabled: boolean;
  readonly region: string;
  readonly jurisdiction: string;
  readonly zeroRetention: boolean;
  readonly noTraining: boolean;
  readonly abortBilling: "stops" | "runs_on";
  readonly quirks: ProviderConnection["quirks"];
  readonly probe: ProviderConnection["probe"];
}

interface ConnectionFieldsProps {
  readonly settings: ConnectionSettings;
  readonly onChange: (fields: Partial<ConnectionSettings>) => void;
  /** The kind's own address, which an empty field means; null if it has none. */
  readonly defaultBaseUrl: string | null;
  readonly baseUrlHint?: string | null;
  /** What the kind does without quirks; null if its connections have none. */
  readonly quirkDefaults: ProviderKind["quirkDefaults"];
  /** Whether the kind has what a probe asks for. */
  readonly listsModels: boolean;
}

export function bodyOf(settings: ConnectionSettings) {
  const { region, jurisdiction, name, ...rest } = settings;
  return { ...rest, name: name.trim(), region: region.trim() || null, jurisdiction: jurisdiction.trim() || null };
}

export function ConnectionFields({
  settings,
  onChange,
  defaultBaseUrl,
  baseUrlHint,
  quirkDefaults,
  listsModels,
}: ConnectionFieldsProps) {
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        value={settings.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        required
      />
      <TextInput
        label="Base URL"
        placeholder={defaultBaseUrl ?? baseUrlHint ?? "https://api.example.com/v1"}
        value={settings.baseUrl}
        onChange={(event) => onChange({ baseUrl: event.currentTarget.value })}
        required={defaultBaseUrl === null}
      />
      <Group grow>
        <TextInput
          label="Region"
          placeholder="eu-west-1"
          value={settings.region}
          onChange={(event) => onChange({ region: event.currentTarget.value })}
        />
        <TextInput
          label="Jurisdiction"
          placeholder="EU"
          value={settings.jurisdiction}
          onChange={(event) => onChange({ jurisdiction: event.currentTarget.value })}
        />
      </Group>
      <Select
        label="When the gateway hangs up, this provider"
        data={[
          { value: "runs_on", label: "runs on and bills the whole answer" },
          { value: "stops", label: "stops and bills what it produced" },
        ]}
        value={settings.abortBilling}
        onChange={(value) => onChange({ abortBilling: value === "stops" ? "stops" : "runs_on" })}
        allowDeselect={false}
      />
      <Group gap="lg">
        <Switch
          label="Keeps no data"
          checked={settings.zeroRetention}
          onChange={(event) => onChange({ zeroRetention: event.currentTarget.checked })}
        />
        <Switch
          label="Does not train on it"
          checked={settings.noTraining}
          onChange={(event) => onChange({ noTraining: event.currentTarget.checked })}
        />
        <Switch
          label="Takes calls"
          checked={settings.enabled}
          onChange={(event) => onChange({ enabled: event.currentTarget.checked })}
        />
      </Group>
      {listsModels && <ProbeSettings probe={settings.probe} onChange={(probe) => onChange({ probe })} />}
      {quirkDefaults && (
        <QuirkSettings
          defaults={quirkDefaults}
          quirks={settings.quirks ?? {}}
          onChange={(quirks) => onChange({ quirks: Object.keys(quirks).length === 0 ? null : quirks })}
        />
      )}
    </Stack>
  );
}
