import { SlidingCounts } from "@switchyard/policy-engine/health/sliding-counts";

const calls = 0;
const hedges = 1;
const mostRoutes = 5_000;

/** How many calls of a route this process could have hedged in the last minute, and how many it did. */
export class HedgeCounts {
  readonly #byRoute = new Map<string, SlidingCounts>();

  noteCall(routeId: string): void {
    this.#find(routeId).add(calls, performance.now());
  }

  noteHedge(routeId: string): void {
    this.#find(routeId).add(hedges, performance.now());
  }

  of(routeId: string): { readonly calls: number; readonly hedges: number } {
    const counts = this.#find(routeId);
    const nowMs = performance.now();
    return { calls: counts.sum(calls, nowMs), hedges: counts.sum(hedges, nowMs) };
  }

  #find(routeId: string): SlidingCounts {
    const known = this.#byRoute.get(routeId);
    if (known !== undefined) return known;
    const [oldest] = this.#byRoute.keys();
    if (this.#byRoute.size >= mostRoutes && oldest !== undefined) this.#byRoute.delete(oldest);
    const counts = new SlidingCounts(2, 5_000, 12);
    this.#byRoute.set(routeId, counts);
    return counts;
  }
}
