import type { Route } from "../policy/route.ts";

/** Within which time the route wants this kind of answer: the first token of a stream, the whole of any other; null for no wish. */
export function latencyObjectiveMs(
  { resilience }: Pick<Route, "resilience">,
  { stream }: { readonly stream: boolean },
): number | null {
  if (resilience === undefined) return null;
  return stream ? resilience.latencyObjective.firstTokenMs : resilience.latencyObjective.wholeAnswerMs;
}
