import { latencyBucketBoundsMs, latencyBucketIndex } from "@switchyard/metering/latency-buckets";
import type { RequestRecord } from "@switchyard/metering/usage-event";

const hourMs = 3_600_000;

/** One row for the request roll-up: the calls of one hour that share all dimensions. */
export interface RequestRollup {
  readonly hour: number;
  readonly organisationId: string;
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly routeId: string | null;
  readonly connectionId: string | null;
  readonly providerKind: string | null;
  readonly modelId: string | null;
  requests: number;
  errors: number;
  refusals: number;
  cacheHits: number;
  cacheLookups: number;
  attempts: number;
  durationBuckets: number[];
  firstTokenBuckets: number[];
  costPicoUsd: string;
}

/**
 * Folds request records into roll-up rows. A client's own mistake (4xx) and a failure (5xx, or a stream that did not
 * end well) both count as errors; a refusal is the model declining, which is an answer and no error.
 */
export function aggregateRequests(records: readonly RequestRecord[]): RequestRollup[] {
  const rows = new Map<string, RequestRollup>();
  for (const record of records) {
    const { organisationId, teamId, projectId, virtualKeyId } = record.attribution;
    const hour = Math.floor(record.startedAtMs / hourMs) * hourMs;
    const { routeId, connectionId, providerKind, modelId } = record;
    const key = JSON.stringify([
      hour,
      organisationId,
      teamId,
      projectId,
      virtualKeyId,
      routeId,
      connectionId,
      providerKind,
      modelId,
    ]);
    let row = rows.get(key);
    if (!row) {
      row = {
        hour,
        organisationId,
        teamId,
        projectId,
        virtualKeyId,
        routeId,
        connectionId,
        providerKind,
        modelId,
        requests: 0,
        errors: 0,
        refusals: 0,
        cacheHits: 0,
        cacheLookups: 0,
        attempts: 0,
        durationBuckets: emptyBuckets(),
        firstTokenBuckets: emptyBuckets(),
        costPicoUsd: "0",
      };
      rows.set(key, row);
    }
    addTo(row, record);
  }
  return [...rows.values()];
}

function addTo(row: RequestRollup, record: RequestRecord): void {
  row.requests += 1;
  if (isError(record)) row.errors += 1;
  if (record.verdict === "refused") row.refusals += 1;
  if (record.cache === "hit") row.cacheHits += 1;
  if (record.cache !== "bypass") row.cacheLookups += 1;
  row.attempts += record.attempts;
  increment(row.durationBuckets, latencyBucketIndex(record.durationMs));
  if (record.timeToFirstTokenMs !== null)
    increment(row.firstTokenBuckets, latencyBucketIndex(record.timeToFirstTokenMs));
  row.costPicoUsd = (BigInt(row.costPicoUsd) + BigInt(record.costPicoUsd)).toString();
}

function isError(record: RequestRecord): boolean {
  return (
    record.status >= 400 ||
    record.verdict === "errored" ||
    record.verdict === "truncated" ||
    record.verdict === "invalid"
  );
}

/** One count a bound, and one for everything above the last. */
function emptyBuckets(): number[] {
  return Array.from({ length: latencyBucketBoundsMs.length + 1 }, () => 0);
}

function increment(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}
