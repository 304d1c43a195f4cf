import type { OrderTargets } from "../strategy.ts";

/** Leaves the targets in the route's order. Weights mean nothing here. */
export const orderByPriority: OrderTargets = ({ candidates, count }) => {
  const ordered = candidates.slice(0, count);
  const because = ordered.map(({ label }, index) =>
    index === 0
      ? { code: "priority_choice", text: `Chose ${label}: it comes first in the route's order.` }
      : { code: "priority_next", text: `Next in line is ${label}: it follows in the route's order.` },
  );
  return { ordered, because };
};
