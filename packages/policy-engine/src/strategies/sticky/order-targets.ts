import { callerKey } from "../../conditions/caller-key.ts";
import { orderByKey } from "../../routing/stable-choice.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import { orderByWeight } from "../weighted/order-targets.ts";
import type { StickyConfig } from "./config.ts";

/**
 * Gives each key a target of its own, in proportion to the weights, and the same fallbacks in the same order. A call
 * without the key is drawn by weight. Nothing is remembered: every gateway process comes to the same answer.
 */
export function orderBySession(input: OrderingInput, { by }: StickyConfig): TargetOrder {
  const key = callerKey(input.caller, by);
  const what = by.replace("_", " ");
  if (key === null) {
    const drawn = orderByWeight(input);
    const text = `The call names no ${what} to stay with, so that its target is drawn.`;
    return { ordered: drawn.ordered, because: [{ code: "sticky_without_key", text }, ...drawn.because] };
  }
  const ordered = orderByKey(input.candidates, key).slice(0, input.count);
  const because = ordered.map(({ label }, index) =>
    index === 0
      ? { code: "sticky_choice", text: `Chose ${label}: this ${what} stays with it.` }
      : { code: "sticky_next", text: `Next in line is ${label}, for every call of this ${what}.` },
  );
  return { ordered, because };
}
