import type { OrderTargets } from "../strategy.ts";

/** Takes the one member that planning has found to apply. */
export const orderByFirstMatch: OrderTargets = ({ candidates }) => {
  const ordered = candidates.slice(0, 1);
  const because = ordered.map(({ label }) => ({
    code: "first_match_choice",
    text: `Chose ${label}: it is the first that is meant for such a call.`,
  }));
  return { ordered, because };
};
