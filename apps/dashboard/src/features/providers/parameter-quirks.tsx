import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import type { ProviderConnection } from "@switchyard/api-contract/provider-connections";
import type { ParameterQuirk } from "@switchyard/policy-engine/policy/connection-quirks";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";

type ParameterRules = NonNullable<NonNullable<ProviderConnection["quirks"]>["parameters"]>;

interface ParameterQuirksProps {
  readonly defaults: ParameterRules;
  readonly quirks: ParameterRules;
  readonly onChange: (quirks: ParameterRules) => void;
}

const treatments = [
  { value: "pass", label: "send as it is" },
  { value: "drop", label: "drop with a warning" },
  { value: "reject", label: "refuse the call" },
  { value: "rename", label: "send under another name" },
];

function spell(rule: ParameterQuirk | undefined): string {
  if (rule === undefined) return "sent as it is";
  if (typeof rule === "object") return `sent as ${rule.rename}`;
  return { pass: "sent as it is", drop: "dropped with a warning", reject: "refused" }[rule];
}

/** What becomes of single parameters, each with what the kind does with it. */
export function ParameterQuirks({ defaults, quirks, onChange }: ParameterQuirksProps) {
  const [name, setName] = useState("");
  const [treatment, setTreatment] = useState("drop");
  const [otherName, setOtherName] = useState("");
  const parameter = name.trim();
  const isRenamed = treatment === "rename";
  const isComplete = parameter !== "" && (!isRenamed || otherName.trim() !== "");
  const add = () => {
    const rule = isRenamed ? { rename: otherName.trim() } : (treatment as "pass" | "drop" | "reject");
    onChange({ ...quirks, [parameter]: rule });
    setName("");
    setOtherName("");
  };
  const remove = (removed: string) =>
    onChange(Object.fromEntries(Object.entries(quirks).filter(([known]) => known !== removed)));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        Parameters
      </Text>
      {Object.entries(quirks).map(([known, rule]) => (
        <Group key={known} justify="space-between" wrap="nowrap">
          <Text size="sm">
            <code>{known}</code> is {spell(rule)}; of this kind: {spell(defaults[known])}
          </Text>
          <ActionIcon variant="subtle" color="gray" aria-label={`Forget ${known}`} onClick={() => remove(known)}>
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group align="flex-end" gap="xs">
        <TextInput
          label="Parameter"
          placeholder="seed"
          description={parameter === "" ? undefined : `Of this kind: ${spell(defaults[parameter])}`}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="What to do with it"
          data={treatments}
          value={treatment}
          onChange={(value) => setTreatment(value ?? "drop")}
          allowDeselect={false}
        />
        {isRenamed && (
          <TextInput
            label="Its name here"
            placeholder="random_seed"
            value={otherName}
            onChange={(event) => setOtherName(event.currentTarget.value)}
          />
        )}
        <Button variant="default" disabled={!isComplete} onClick={add}>
          Add
        </Button>
      </Group>
    </Stack>
  );
}
