/** What gateways have measured of targets, without the trouble that some of them may be in: what a what-if goes by. */
import { latencyBucketCount } from "@switchyard/metering/latency-buckets";
import { ConnectionHealth } from "../health/connection-health.ts";
import type { TargetReport } from "../health/health-report.ts";
import type { HealthFacts } from "../routing/filter-target.ts";

/**
 * Every target in service, as quick as all gateways together have lately found it. Of reports that differ in their number of
 * buckets those that do not fit are left out.
 */
export function measuredTimes(reports: readonly TargetReport[]): HealthFacts {
  const connections = new Map<string, ConnectionHealth>();
  for (const times of ["firstToken", "wholeAnswer"] as const) {
    const sums = new Map<string, { readonly report: TargetReport; readonly counts: number[] }>();
    for (const report of reports) {
      const told = report[times];
      if (told?.length !== latencyBucketCount) continue;
      const key = JSON.stringify([report.connectionId, report.modelId]);
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { report, counts: [...told] });
      else for (const [bucket, count] of told.entries()) known.counts[bucket] = (known.counts[bucket] ?? 0) + count;
    }
    for (const { report, counts } of sums.values()) {
      const connection = connections.get(report.connectionId) ?? new ConnectionHealth();
      connections.set(report.connectionId, connection);
      connection.targetOf(report.modelId)[times].adopt(counts, 0);
    }
  }
  return { connections, nowMs: 0 };
}
