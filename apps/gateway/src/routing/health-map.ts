import { adoptReports, type OthersReport } from "@switchyard/policy-engine/health/adopt-reports";
import { ConnectionHealth } from "@switchyard/policy-engine/health/connection-health";
import type { Ejection } from "@switchyard/policy-engine/health/outlier-ejection";
import type { ProbeOutcome } from "@switchyard/policy-engine/health/probe";
import { type LimitReading, ProviderBucket } from "@switchyard/policy-engine/health/provider-bucket";
import type { AttemptHealth } from "@switchyard/policy-engine/health/target-health";
import type { HealthFacts } from "@switchyard/policy-engine/routing/filter-target";
import type { PlannedAttempt } from "@switchyard/policy-engine/routing/plan-route";
import { SeededDraws } from "@switchyard/policy-engine/routing/seeded-draws";

const mostTargets = 5_000;

export type CalledTarget = Pick<PlannedAttempt, "connectionId" | "modelId">;

/** How every connection and model has been doing, as this process has seen it. Policy names them, so there are few. */
export class HealthMap {
  readonly #connections = new Map<string, ConnectionHealth>();
  /** So that nobody looks for buckets where no provider has ever told of one. */
  #hasBuckets = false;
  #ejections: ReadonlyMap<string, Ejection> = new Map();

  /** What planning may know, now. */
  facts(): HealthFacts {
    return { connections: this.#connections, ejections: this.#ejections, nowMs: performance.now() };
  }

  /** These targets, and no others, are left out by comparison with their peers. */
  eject(ejections: ReadonlyMap<string, Ejection>): void {
    this.#ejections = ejections;
  }

  /** An attempt goes out. Call it in the same turn as planning, so that a circuit's trial stays the only one. */
  begin({ connectionId, modelId }: CalledTarget, isRetry: boolean, objectiveMs: number | null): void {
    const connection = this.#find(connectionId);
    connection.begin(modelId, isRetry, performance.now());
    // Only an attempt that will be judged by its time may be the trial of a target that was late.
    if (objectiveMs !== null) connection.targetOf(modelId).lateness.begin(performance.now());
  }

  /** An attempt that should have been answered by now has not been. */
  noteLate({ connectionId, modelId }: CalledTarget, objectiveMs: number): void {
    this.#find(connectionId).targetOf(modelId).lateness.noteLate(objectiveMs, performance.now(), newDraws());
  }

  /** An attempt was answered within its objective. */
  noteInTime({ connectionId, modelId }: CalledTarget, objectiveMs: number): void {
    this.#find(connectionId).targetOf(modelId).lateness.noteInTime(objectiveMs, performance.now());
  }

  /** A connection is being asked for its model list. */
  beginProbe(connectionId: string): void {
    this.#find(connectionId).beginProbe(performance.now());
  }

  /** What came of that, here or in another process. */
  noteProbe(connectionId: string, outcome: ProbeOutcome): void {
    this.#find(connectionId).noteProbe(outcome, performance.now(), newDraws());
  }

  /** An answer told what is left of its provider's limits. */
  learnLimits({ connectionId, modelId }: CalledTarget, readings: readonly LimitReading[]): void {
    const target = this.#find(connectionId).targetOf(modelId);
    target.bucket ??= new ProviderBucket();
    for (const reading of readings) target.bucket.learn(reading, performance.now());
    this.#hasBuckets = true;
  }

  /** Other processes told what they know; it counts where this one knows nothing of late. */
  adopt(reports: readonly OthersReport[]): void {
    adoptReports(reports, (connectionId) => this.#find(connectionId), performance.now(), newDraws());
  }

  /** How long until a call of about so many tokens has room in what the provider allows; 0 for nearly all. */
  roomInMs(called: CalledTarget, tokens: number): number {
    return this.#bucketOf(called)?.waitMs(tokens, performance.now()) ?? 0;
  }

  /** A call of about so many tokens is about to go out. */
  takeRoom(called: CalledTarget, tokens: number): void {
    this.#bucketOf(called)?.take(tokens);
  }

  #bucketOf({ connectionId, modelId }: CalledTarget): ProviderBucket | null {
    if (!this.#hasBuckets) return null;
    return this.#connections.get(connectionId)?.targetsByModelId.get(modelId)?.bucket ?? null;
  }

  /** An attempt ended, or could not even be sent. */
  note({ connectionId, modelId }: CalledTarget, attempt: AttemptHealth): void {
    this.#find(connectionId).note(modelId, attempt, performance.now(), newDraws());
  }

  #find(connectionId: string): ConnectionHealth {
    const known = this.#connections.get(connectionId);
    if (known !== undefined) return known;
    this.#forgetBeyond(mostTargets);
    const connection = new ConnectionHealth();
    this.#connections.set(connectionId, connection);
    return connection;
  }

  /** Connections that policy no longer names stay until there are too many; then those first seen longest ago go. */
  #forgetBeyond(most: number): void {
    let targets = 0;
    for (const { targetsByModelId } of this.#connections.values()) targets += Math.max(1, targetsByModelId.size);
    for (const [connectionId, { targetsByModelId }] of this.#connections) {
      if (targets < most) return;
      this.#connections.delete(connectionId);
      targets -= Math.max(1, targetsByModelId.size);
    }
  }
}

function newDraws(): SeededDraws {
  return new SeededDraws(Math.floor(Math.random() * 2 ** 32));
}
