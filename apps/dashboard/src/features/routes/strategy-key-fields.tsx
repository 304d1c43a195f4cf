import { NumberInput, Select, TextInput } from "@mantine/core";
import { keyWords, type Strategy } from "./strategy.ts";

interface StrategyKeyFieldsProps {
  readonly strategy: Strategy;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Strategy) => void;
}

type Key = keyof typeof keyWords;
const keys = Object.entries(keyWords).map(([value, label]) => ({ value: value as Key, label }));

/** The settings of strategies that assign calls: by what, under which name, how many. */
export function StrategyKeyFields({ strategy, isReadOnly, onChange }: StrategyKeyFieldsProps) {
  if (strategy.type === "canary") {
    return (
      <NumberInput
        label="Canary's share"
        description="Of the calls; the last target gets them."
        suffix=" %"
        min={0}
        max={100}
        allowDecimal={false}
        value={strategy.percent}
        onChange={(percent) => typeof percent === "number" && onChange({ ...strategy, percent })}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 180px"
      />
    );
  }
  if (strategy.type !== "sticky" && strategy.type !== "experiment") return null;
  const by = strategy.type === "sticky" ? strategy.by : strategy.assignBy;
  const choose = (value: Key | null) => {
    if (value === null) return;
    onChange(strategy.type === "sticky" ? { ...strategy, by: value } : { ...strategy, assignBy: value });
  };
  return (
    <>
      {strategy.type === "experiment" && (
        <TextInput
          label="Experiment"
          description="Another name assigns everybody anew."
          maxLength={60}
          value={strategy.name}
          onChange={(event) => onChange({ ...strategy, name: event.currentTarget.value })}
          disabled={isReadOnly}
          inputWrapperOrder={["label", "input", "description"]}
          flex="1 1 180px"
        />
      )}
      <Select
        label={strategy.type === "sticky" ? "Stays with" : "Assigned by"}
        description="A call that names none is drawn by weight."
        data={keys}
        value={by}
        onChange={choose}
        allowDeselect={false}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 160px"
      />
    </>
  );
}
