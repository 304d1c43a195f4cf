import type { Route } from "../policy/route.ts";
import { goesByTask } from "../strategies/registry.ts";

const known = new WeakMap<Route, boolean>();

/** Whether a strategy anywhere in the route has to know what a prompt asks for. Found out once for each route. */
export function needsTask(route: Route): boolean {
  const remembered = known.get(route);
  if (remembered !== undefined) return remembered;
  const found = goesByTask(route.strategy) || (route.groups ?? []).some(({ strategy }) => goesByTask(strategy));
  known.set(route, found);
  return found;
}
