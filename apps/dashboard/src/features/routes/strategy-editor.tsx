import { Group, NumberInput, Select } from "@mantine/core";
import { AdaptiveFields } from "./adaptive-fields.tsx";
import { CascadeFields } from "./cascade-fields.tsx";
import { ComplexityFields } from "./complexity-fields.tsx";
import { FastestFields } from "./fastest-fields.tsx";
import { StrategyKeyFields } from "./strategy-key-fields.tsx";
import { type Strategy, strategyOf, strategyWords } from "./strategy.ts";

interface StrategyEditorProps {
  readonly strategy: Strategy;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Strategy) => void;
}

const choices = Object.entries(strategyWords).map(([value, { name }]) => ({ value, label: name }));

/** Which strategy chooses among the targets, and what only that strategy asks for. */
export function StrategyEditor({ strategy, isReadOnly, onChange }: StrategyEditorProps) {
  const choose = (type: string | null) => {
    const chosen = type === null ? null : strategyOf(type);
    if (chosen !== null && chosen.type !== strategy.type) onChange(chosen);
  };
  return (
    <Group align="flex-start" gap="md">
      <Select
        label="Strategy"
        description={strategyWords[strategy.type].description}
        data={choices}
        value={strategy.type}
        onChange={choose}
        allowDeselect={false}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 220px"
      />
      {strategy.type === "cheapest" && (
        <NumberInput
          label="Usual answer"
          description="A call that allows less is expected to use less."
          suffix=" tokens"
          min={1}
          max={1_000_000}
          allowDecimal={false}
          value={strategy.expectedOutputTokens}
          onChange={(value) => typeof value === "number" && onChange({ ...strategy, expectedOutputTokens: value })}
          disabled={isReadOnly}
          inputWrapperOrder={["label", "input", "description"]}
          flex="1 1 180px"
        />
      )}
      {strategy.type === "fastest" && <FastestFields strategy={strategy} isReadOnly={isReadOnly} onChange={onChange} />}
      {strategy.type === "cascade" && <CascadeFields strategy={strategy} isReadOnly={isReadOnly} onChange={onChange} />}
      {strategy.type === "complexity" && (
        <ComplexityFields strategy={strategy} isReadOnly={isReadOnly} onChange={onChange} />
      )}
      {strategy.type === "adaptive" && (
        <AdaptiveFields strategy={strategy} isReadOnly={isReadOnly} onChange={onChange} />
      )}
      <StrategyKeyFields strategy={strategy} isReadOnly={isReadOnly} onChange={onChange} />
    </Group>
  );
}
