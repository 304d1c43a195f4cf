import { NumberInput, Select } from "@mantine/core";
import type { Strategy } from "./strategy.ts";

type Fastest = Extract<Strategy, { type: "fastest" }>;

interface FastestFieldsProps {
  readonly strategy: Fastest;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Fastest) => void;
}

/** What targets are compared by, and how those of which too little is known get known. */
export function FastestFields({ strategy, isReadOnly, onChange }: FastestFieldsProps) {
  return (
    <>
      <Select
        label="Compared by"
        description="p99 needs fifty recent answers of each."
        data={[
          { value: "50", label: "Usual answers (p50)" },
          { value: "99", label: "Late answers (p99)" },
        ]}
        value={String(strategy.percentile ?? 50)}
        onChange={(value) => onChange({ ...strategy, percentile: value === "99" ? 99 : 50 })}
        allowDeselect={false}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 180px"
      />
      <NumberInput
        label="Exploration"
        description="Share of calls for targets of unknown speed."
        suffix=" %"
        min={1}
        max={50}
        allowDecimal={false}
        value={strategy.explorePercent}
        onChange={(value) => typeof value === "number" && onChange({ ...strategy, explorePercent: value })}
        disabled={isReadOnly}
        inputWrapperOrder={["label", "input", "description"]}
        flex="1 1 180px"
      />
    </>
  );
}
