import { callerKey } from "../../conditions/caller-key.ts";
import { orderByKey } from "../../routing/stable-choice.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import { orderByWeight } from "../weighted/order-targets.ts";
import type { ExperimentConfig } from "./config.ts";

/**
 * Assigns by a hash of the experiment's name and who is assigned, in proportion to the weights. The other variants
 * follow as fallbacks, and the receipt shows which one answered. A call that names nobody is drawn by weight.
 */
export function orderByVariant(input: OrderingInput, { name, assignBy }: ExperimentConfig): TargetOrder {
  const key = callerKey(input.caller, assignBy);
  const what = assignBy.replace("_", " ");
  if (key === null) {
    const drawn = orderByWeight(input);
    const text = `The call names no ${what}, so that experiment "${name}" draws its variant.`;
    return { ordered: drawn.ordered, because: [{ code: "experiment_without_key", text }, ...drawn.because] };
  }
  const ordered = orderByKey(input.candidates, `${name}\n${key}`).slice(0, input.count);
  const because = ordered.map(({ label }, index) =>
    index === 0
      ? { code: "experiment_choice", text: `Chose ${label}: experiment "${name}" has this ${what} in that variant.` }
      : { code: "experiment_next", text: `Next in line is ${label}, another variant of experiment "${name}".` },
  );
  return { ordered, because };
}
