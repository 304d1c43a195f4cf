import { Button, Collapse, Select, Stack, Text } from "@mantine/core";
import type { ProviderConnection, ProviderKind } from "@switchyard/api-contract/provider-connections";
import { useState } from "react";
import { ParameterQuirks } from "./parameter-quirks.tsx";

type Quirks = NonNullable<ProviderConnection["quirks"]>;
type QuirkDefaults = NonNullable<ProviderKind["quirkDefaults"]>;
type Setting = Exclude<keyof QuirkDefaults, "parameters">;

interface QuirkSettingsProps {
  readonly defaults: QuirkDefaults;
  readonly quirks: Quirks;
  readonly onChange: (quirks: Quirks) => void;
}

/** Every choice as JSON, so that one select serves booleans and names. */
const settings: readonly { field: Setting; label: string; choices: readonly { value: string; label: string }[] }[] = [
  {
    field: "outputCapField",
    label: "Output cap",
    choices: [
      { value: '"max_tokens"', label: "max_tokens" },
      { value: '"max_completion_tokens"', label: "max_completion_tokens" },
    ],
  },
  {
    field: "otherCapField",
    label: "The other spelling of the cap",
    choices: [
      { value: '"heeded"', label: "is understood as well" },
      { value: '"ignored"', label: "is ignored by the server" },
      { value: '"renamed"', label: "is renamed before it is sent" },
    ],
  },
  {
    field: "developerRole",
    label: "Developer messages",
    choices: [
      { value: "true", label: "are sent as developer" },
      { value: "false", label: "are sent as system" },
    ],
  },
  {
    field: "stopAsString",
    label: "A single stop sequence",
    choices: [
      { value: "true", label: "may be a string" },
      { value: "false", label: "is sent as a list" },
    ],
  },
  {
    field: "streamOptions",
    label: "Usage of a stream",
    choices: [
      { value: "true", label: "is asked for by stream_options" },
      { value: "false", label: "comes unasked" },
    ],
  },
  {
    field: "responses",
    label: "OpenAI's Responses",
    choices: [
      { value: "true", label: "are spoken by the server, and pass" },
      { value: "false", label: "are translated for the server" },
    ],
  },
  {
    field: "toolNames",
    label: "Names of tools",
    choices: [
      { value: '"any"', label: "may be anything" },
      { value: '"plain"', label: "are sent as letters, digits, _ and -" },
    ],
  },
];

/** Where this server differs from its kind, with what the kind does beside each setting. Folded away while it does not. */
export function QuirkSettings({ defaults, quirks, onChange }: QuirkSettingsProps) {
  const [isOpen, setIsOpen] = useState(Object.keys(quirks).length > 0);
  const set = (field: Setting, value: string | null) => {
    const { [field]: _before, ...others } = quirks;
    onChange(value === null ? others : { ...others, [field]: JSON.parse(value) as unknown });
  };
  return (
    <Stack gap="xs">
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        Quirks of this server
      </Button>
      <Collapse expanded={isOpen}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Only where the server differs from others of its kind. What is left empty stays as the kind has it.
          </Text>
          {settings.map(({ field, label, choices }) => {
            const ofKind = choices.find(({ value }) => value === JSON.stringify(defaults[field]));
            const chosen = quirks[field];
            return (
              <Select
                key={field}
                label={label}
                description={`Of this kind: ${ofKind?.label}`}
                placeholder="As the kind has it"
                data={[...choices]}
                value={chosen === undefined ? null : JSON.stringify(chosen)}
                onChange={(value) => set(field, value)}
                clearable
              />
            );
          })}
          <ParameterQuirks
            defaults={defaults.parameters}
            quirks={quirks.parameters ?? {}}
            onChange={(parameters) => {
              const { parameters: _before, ...others } = quirks;
              onChange(Object.keys(parameters).length === 0 ? others : { ...others, parameters });
            }}
          />
        </Stack>
      </Collapse>
    </Stack>
  );
}
