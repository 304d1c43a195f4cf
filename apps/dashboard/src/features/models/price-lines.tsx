import { Text } from "@mantine/core";
import type { Model, PriceLine } from "@switchyard/api-contract/models";
import { nameOfMeter } from "../../ui/meter-names.ts";
import { StateLabel } from "../../ui/state-label.tsx";
import { showPriceAmount, showUnitPrice } from "../../ui/unit-price.ts";
import { conditionOf } from "./price-condition.ts";

/** Every line of a price version, exact. */
export function PriceLines({ lines }: { lines: readonly PriceLine[] }) {
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18, fontSize: 13 }}>
      {lines.map((line) => {
        const condition = conditionOf(line);
        return (
          <li key={`${line.meter} ${condition}`}>
            {nameOfMeter(line.meter)}: {showUnitPrice(line.usd, line.per, line.meter)}
            {condition !== "" && (
              <Text span inherit c="dimmed">
                {` (${condition})`}
              </Text>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** One meter's base price of a model for the list; a tier or a time window shows as "from". */
export function BasePrice({ model, meter }: { model: Model; meter: PriceLine["meter"] }) {
  const lines = model.currentPrice?.lines.filter((line) => line.meter === meter) ?? [];
  const base = lines.find((line) => conditionOf(line) === "") ?? lines[0];
  if (!base) return <span>–</span>;
  return (
    <span>
      {lines.length > 1 && (
        <Text span inherit c="dimmed">
          {"from "}
        </Text>
      )}
      {showPriceAmount(base.usd, base.per, base.meter)}
    </span>
  );
}

export function Pricing({ model }: { model: Pick<Model, "pricing"> }) {
  if (model.pricing === "priced") return <StateLabel tone="good">Priced</StateLabel>;
  if (model.pricing === "free") return <StateLabel tone="idle">Free</StateLabel>;
  return <StateLabel tone="warning">Unpriced</StateLabel>;
}
