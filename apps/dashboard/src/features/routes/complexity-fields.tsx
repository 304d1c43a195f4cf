import { Select, TagsInput } from "@mantine/core";
import { useState } from "react";
import type { Strategy } from "./strategy.ts";

type Complexity = Extract<Strategy, { type: "complexity" }>;

interface ComplexityFieldsProps {
  readonly strategy: Complexity;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Complexity) => void;
}

const unsureChoices = [
  { value: "hardest", label: "To the last target" },
  { value: "easiest", label: "To the first target" },
];

/** Where one tier ends and the next begins, and who gets what cannot be told. */
export function ComplexityFields({ strategy, isReadOnly, onChange }: ComplexityFieldsProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const chooseBoundaries = (texts: readonly string[]) => {
    const wrong = texts.find((text) => !(Number(text) >= 0 && Number(text) <= 1));
    setProblem(
      wrong !== undefined
        ? `“${wrong}” is no number from 0 to 1`
        : texts.length === 0
          ? "At least one is needed"
          : null,
    );
    if (wrong === undefined && texts.length > 0)
      onChange({ ...strategy, boundaries: texts.map(Number).toSorted((left, right) => left - right) });
  };
  return (
    <>
      <TagsInput
        label="Boundaries"
        description="From 0, a greeting, to 1. One fewer than there are targets."
        value={strategy.boundaries.map(String)}
        onChange={chooseBoundaries}
        error={problem}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "error", "description"]}
        flex="1 1 220px"
      />
      <Select
        label="Calls that cannot be judged"
        description="Other languages than English, above all."
        data={unsureChoices}
        value={strategy.whenUnsure}
        onChange={(whenUnsure) =>
          onChange({ ...strategy, whenUnsure: whenUnsure === "easiest" ? "easiest" : "hardest" })
        }
        allowDeselect={false}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 200px"
      />
    </>
  );
}
