/** Calls that find out whether something that failed works again. */
import type { Reason } from "@switchyard/metering/usage-event";
import { circuitStateAt } from "../health/circuit.ts";
import type { Candidate } from "./candidate.ts";
import type { HealthFacts } from "./filter-target.ts";

/** Says that a planned target is on trial; null for one that is not, which is the rule. */
export function explainTrial({ target, label }: Candidate, { connections, nowMs }: HealthFacts): Reason | null {
  const connection = connections.get(target.connectionId);
  if (connection === undefined) return null;
  const circuits = [connection.circuit, connection.targetsByModelId.get(target.modelId)?.circuit];
  if (!circuits.some((circuit) => circuit !== undefined && circuitStateAt(circuit, nowMs) === "half_open")) return null;
  return {
    code: "circuit_trial",
    text: `Trial of ${label}: it has been failing, and this call finds out whether it works again.`,
  };
}

/** The one that failed least of late; of equals the one that may be called again first, then the first. */
export function leastBad(candidates: readonly Candidate[], { connections }: HealthFacts): Candidate | null {
  const badness = ({ target }: Candidate): readonly [failureShare: number, retryAtMs: number] => {
    const connection = connections.get(target.connectionId);
    const health = connection?.targetsByModelId.get(target.modelId);
    const isUnreachable = (connection?.circuit.openings ?? 0) > 0;
    return [
      isUnreachable ? 1 : (health?.failureShare ?? 0),
      Math.max(connection?.circuit.retryAtMs ?? 0, health?.circuit.retryAtMs ?? 0),
    ];
  };
  let best: Candidate | null = null;
  let bestBadness: readonly [number, number] = [Infinity, Infinity];
  for (const candidate of candidates) {
    const [share, retryAtMs] = badness(candidate);
    if (share < bestBadness[0] || (share === bestBadness[0] && retryAtMs < bestBadness[1])) {
      best = candidate;
      bestBadness = [share, retryAtMs];
    }
  }
  return best;
}
