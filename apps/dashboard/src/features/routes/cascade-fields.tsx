import { NumberInput, Switch } from "@mantine/core";
import type { Strategy } from "./strategy.ts";

type Cascade = Extract<Strategy, { type: "cascade" }>;

interface CascadeFieldsProps {
  readonly strategy: Cascade;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Cascade) => void;
}

/** Which answers lead to the next tier, besides those that are empty, cut short or not in the form asked for. */
export function CascadeFields({ strategy, isReadOnly, onChange }: CascadeFieldsProps) {
  const { meanLogprobAtLeast, charactersAtLeast, ...rest } = strategy;
  const confidence = meanLogprobAtLeast === undefined ? {} : { meanLogprobAtLeast };
  const length = charactersAtLeast === undefined ? {} : { charactersAtLeast };
  return (
    <>
      <NumberInput
        label="Confidence"
        description="Mean log-probability of a token, where it is told. Empty: not judged."
        min={-20}
        max={0}
        step={0.1}
        decimalScale={2}
        value={meanLogprobAtLeast ?? ""}
        onChange={(value) =>
          onChange({ ...rest, ...length, ...(typeof value === "number" ? { meanLogprobAtLeast: value } : {}) })
        }
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 180px"
      />
      <NumberInput
        label="Length"
        description="Shorter answers lead on. Empty: not judged."
        suffix=" characters"
        min={1}
        max={100_000}
        allowDecimal={false}
        value={charactersAtLeast ?? ""}
        onChange={(value) =>
          onChange({ ...rest, ...confidence, ...(typeof value === "number" ? { charactersAtLeast: value } : {}) })
        }
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 180px"
      />
      <Switch
        label="Refusals lead on too"
        description="Another model may then answer what the first one thought better not to."
        checked={strategy.refusals}
        onChange={(event) => onChange({ ...strategy, refusals: event.currentTarget.checked })}
        disabled={isReadOnly}
        flex="1 1 100%"
      />
    </>
  );
}
