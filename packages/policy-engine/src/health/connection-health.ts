import type { SeededDraws } from "../routing/seeded-draws.ts";
import type { SentCalls } from "../resilience/retry-budget.ts";
import { abandonTrial, beginTrial, type Circuit, closeCircuit, closedCircuit, openCircuit } from "./circuit.ts";
import { failureRules } from "./failure-rule.ts";
import type { ProbeOutcome } from "./probe.ts";
import { SlidingCounts } from "./sliding-counts.ts";
import { type AttemptHealth, TargetHealth } from "./target-health.ts";

const firstCalls = 0;
const retries = 1;

/** What is known of a connection: whether it can be reached, how its models do, and how many of its calls were retries. */
export class ConnectionHealth {
  circuit: Circuit = closedCircuit;
  readonly targetsByModelId = new Map<string, TargetHealth>();
  /** A minute, because answers of models take that long: a shorter window forgets the calls that the retries belong to. */
  readonly #sent = new SlidingCounts(2, 5_000, 12);

  /** A call goes out. `isRetry`: another attempt of the same call went out before it. */
  begin(modelId: string, isRetry: boolean, nowMs: number): void {
    this.#sent.add(isRetry ? retries : firstCalls, nowMs);
    this.circuit = beginTrial(this.circuit, nowMs);
    const target = this.targetsByModelId.get(modelId);
    if (target !== undefined) target.circuit = beginTrial(target.circuit, nowMs);
  }

  /** A call ended. */
  note(modelId: string, attempt: AttemptHealth, nowMs: number, draws: SeededDraws): void {
    if (attempt.failure === "connect") this.circuit = openCircuit(this.circuit, attempt.failure, nowMs, draws);
    else if (attempt.failure === null || failureRules[attempt.failure].against === "target") {
      // Whatever else it said, it could be reached.
      this.circuit = closeCircuit(this.circuit, nowMs);
    } else this.circuit = abandonTrial(this.circuit);
    this.targetOf(modelId).note(attempt, nowMs, draws);
  }

  /** It is being asked for its model list. Where it could not be reached, that is the trial. */
  beginProbe(nowMs: number): void {
    this.circuit = beginTrial(this.circuit, nowMs);
  }

  /** What came of that. Slowness at a list of models is no reason to leave a connection that works. */
  noteProbe(outcome: ProbeOutcome, nowMs: number, draws: SeededDraws): void {
    const isOnTrial = this.circuit.openings > 0;
    if (outcome === "unreachable" || (outcome === "timeout" && isOnTrial)) {
      this.circuit = openCircuit(this.circuit, "connect", nowMs, draws);
    } else this.circuit = closeCircuit(this.circuit, nowMs);
  }

  /** What was sent in the last minute. */
  sentAt(nowMs: number): SentCalls {
    return { firstCalls: this.#sent.sum(firstCalls, nowMs), retries: this.#sent.sum(retries, nowMs) };
  }

  /** What is known of a model; nothing yet, where it has not been called. */
  targetOf(modelId: string): TargetHealth {
    const known = this.targetsByModelId.get(modelId);
    if (known !== undefined) return known;
    const target = new TargetHealth();
    this.targetsByModelId.set(modelId, target);
    return target;
  }
}
