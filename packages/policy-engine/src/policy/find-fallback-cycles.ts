import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

/**
 * Chains of fallback routes that lead back to themselves, each reported once, at the link that closes it, with the
 * names along the way. Depth-first without recursion, so that no chain is too long for it.
 */
export function* findFallbackCycles({ routes }: PolicyRevision): Generator<PolicyProblem> {
  const indexes = new Map(routes.map(({ routeId }, index) => [routeId, index]));
  const finished = new Set<number>();
  for (const root of routes.keys()) {
    if (finished.has(root)) continue;
    const path: { readonly index: number; nextLink: number }[] = [{ index: root, nextLink: 0 }];
    const positions = new Map([[root, 0]]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const link = step.nextLink++;
      const fallbackId = routes[step.index]?.fallbackRouteIds[link];
      if (fallbackId === undefined) {
        finished.add(step.index);
        positions.delete(step.index);
        path.pop();
        continue;
      }
      const index = indexes.get(fallbackId);
      if (index === undefined || finished.has(index)) continue;
      const position = positions.get(index);
      if (position === undefined) {
        positions.set(index, path.length);
        path.push({ index, nextLink: 0 });
      } else {
        const names = [...path.slice(position).map((entry) => entry.index), index].map((at) => routes[at]?.name ?? "");
        yield {
          path: `routes[${step.index}].fallbackRouteIds[${link}]`,
          code: "fallback_cycle",
          message: `Fallbacks go round in a circle: ${names.join(" -> ")}.`,
        };
      }
    }
  }
}
