import { emptyTally, type AnswerTally } from "@switchyard/policy-engine/health/answer-tally";
import { type Ejection, judgeOutliers, type MemberRecord } from "@switchyard/policy-engine/health/outlier-ejection";
import type { Route, Target } from "@switchyard/policy-engine/policy/route";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { HealthMap } from "./health-map.ts";

type Records = ReadonlyMap<string, MemberRecord>;

const everyMs = 1_000;

/** Compares, once a second and off the path of calls, the targets of routes that want it, and tells the health map who is out. */
export class OutlierWatch {
  readonly #health: HealthMap;
  /** By route and group; of groups that policy no longer names nothing is kept. */
  #records: ReadonlyMap<string, Records> = new Map();
  #routes: readonly Route[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(health: HealthMap) {
    this.#health = health;
  }

  watch({ revision }: Pick<ActivePolicy, "revision">): void {
    this.#routes = revision.routes.filter(({ enabled, resilience }) => enabled && resilience?.outlierEjection);
    if (this.#routes.length === 0 && this.#records.size > 0) this.look();
  }

  start(): void {
    this.#timer = setInterval(() => this.#routes.length > 0 && this.look(), everyMs).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  look(): void {
    const records = new Map<string, Records>();
    const ejections = new Map<string, Ejection>();
    const { connections, nowMs } = this.#health.facts();
    const tallyOf = ({ connectionId, modelId }: Target): AnswerTally =>
      connections.get(connectionId)?.targetsByModelId.get(modelId)?.tally ?? emptyTally;
    for (const { routeId, targets, resilience } of this.#routes) {
      const rule = resilience?.outlierEjection;
      if (rule === undefined) continue;
      const groups = Map.groupBy(
        targets.filter(({ enabled }) => enabled),
        ({ groupId }) => groupId ?? "",
      );
      for (const [groupId, peers] of groups) {
        const key = JSON.stringify([routeId, groupId]);
        const members = new Map(peers.map((target) => [target.targetId, tallyOf(target)]));
        const next = judgeOutliers({ rule, members, records: this.#records.get(key) ?? new Map(), nowMs });
        records.set(key, next);
        for (const [targetId, { ejection }] of next) if (ejection !== null) ejections.set(targetId, ejection);
      }
    }
    this.#records = records;
    this.#health.eject(ejections);
  }
}
