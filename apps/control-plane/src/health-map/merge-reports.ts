/** Puts together what gateways report of the same target from the same region. Pure. */
import type { TargetHealth } from "@switchyard/api-contract/health-map";
import { quantileFromBuckets } from "@switchyard/metering/latency-buckets";
import { type TargetReport, targetReportSchema } from "@switchyard/policy-engine/health/health-report";
import type { GatewayHealthRow } from "./health-map.repository.ts";

export interface MergedHealth extends Pick<
  TargetHealth,
  "connectionId" | "modelId" | "gatewayRegion" | "calls" | "failures" | "firstTokenMs" | "wholeAnswerMs" | "gateways"
> {
  readonly lastCallAt: Date;
}

interface Seen {
  readonly report: TargetReport;
  readonly row: GatewayHealthRow;
}

/** What cannot be read is left out: a gateway of another version must not hide what the others say. */
export function mergeReports(rows: readonly GatewayHealthRow[]): MergedHealth[] {
  const groups = new Map<string, Seen[]>();
  for (const row of rows) {
    for (const target of Array.isArray(row.targets) ? row.targets : []) {
      const { data: report } = targetReportSchema.safeParse(target);
      if (report === undefined) continue;
      const key = JSON.stringify([report.connectionId, report.modelId, row.region]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ report, row }]);
      else group.push({ report, row });
    }
  }
  return [...groups.values()].flatMap((group) => merge(group) ?? []);
}

function merge(group: readonly Seen[]): MergedHealth | null {
  const [first] = group;
  if (first === undefined) return null;
  const counts = new Map<string, number>();
  let calls = 0;
  let lastCallMs = 0;
  for (const { report, row } of group) {
    calls += report.answered;
    for (const [failureClass, count] of Object.entries(report.failures)) {
      calls += count;
      counts.set(failureClass, (counts.get(failureClass) ?? 0) + count);
    }
    lastCallMs = Math.max(lastCallMs, row.reportedAt.getTime() - report.idleForMs);
  }
  return {
    connectionId: first.report.connectionId,
    modelId: first.report.modelId,
    gatewayRegion: first.row.region,
    calls,
    failures: [...counts]
      .map(([failureClass, count]) => ({ failureClass, count }))
      .toSorted((a, b) => b.count - a.count || (a.failureClass < b.failureClass ? -1 : 1)),
    firstTokenMs: quantilesOf(group.map(({ report }) => report.firstToken)),
    wholeAnswerMs: quantilesOf(group.map(({ report }) => report.wholeAnswer)),
    gateways: group.map(({ report, row }) => ({ gatewayId: row.gatewayId, circuit: report.circuit })),
    lastCallAt: new Date(lastCallMs),
  };
}

function quantilesOf(histograms: readonly (readonly number[] | null)[]): { p50: number; p99: number } | null {
  const known = histograms.filter((histogram) => histogram !== null);
  const sum = known[0]?.map((_, bucket) => known.reduce((total, counts) => total + (counts[bucket] ?? 0), 0));
  if (sum === undefined) return null;
  const p50 = quantileFromBuckets(sum, 0.5);
  const p99 = quantileFromBuckets(sum, 0.99);
  return p50 === null || p99 === null ? null : { p50, p99 };
}
