import { NumberInput } from "@mantine/core";
import type { Strategy } from "./strategy.ts";

type Adaptive = Extract<Strategy, { type: "adaptive" }>;

interface AdaptiveFieldsProps {
  readonly strategy: Adaptive;
  readonly isReadOnly: boolean;
  readonly onChange: (strategy: Adaptive) => void;
}

const fields = [
  {
    field: "explorePercent",
    label: "Exploration",
    description: "Share of calls that may try what is not known to be best.",
    min: 1,
    max: 50,
  },
  {
    field: "successPercentAtLeast",
    label: "Quality floor",
    description: "A target that surely succeeds less often is left alone.",
    min: 0,
    max: 99,
  },
] as const;

/** How much is tried, and what may never be chosen to save money. */
export function AdaptiveFields({ strategy, isReadOnly, onChange }: AdaptiveFieldsProps) {
  return fields.map(({ field, ...words }) => (
    <NumberInput
      key={field}
      {...words}
      suffix=" %"
      allowDecimal={false}
      value={strategy[field]}
      onChange={(value) => typeof value === "number" && onChange({ ...strategy, [field]: value })}
      disabled={isReadOnly}
      inputWrapperOrder={["label", "input", "description"]}
      flex="1 1 180px"
    />
  ));
}
