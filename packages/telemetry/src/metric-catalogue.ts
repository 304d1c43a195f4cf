/*
 * Every metric of every Switchyard process, declared once: gateway, worker and control plane take theirs from here, and
 * dashboards and alerts may rely on the names. `aggregator` says how the processes of one fleet add up.
 */
export type MetricType = "counter" | "gauge" | "histogram";

export interface MetricDefinition {
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly string[];
  /** How values of several processes become one; the sum where nothing else is said. */
  readonly aggregator?: "sum" | "min" | "max";
  /** Upper bounds of a histogram's buckets, ascending. */
  readonly buckets?: readonly number[];
}

const requestSeconds = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const firstTokenSeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const overheadSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];
const jobSeconds = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];

export const metricCatalogue = {
  switchyard_requests_total: {
    type: "counter",
    help: "Client requests that ended, by outcome and HTTP status",
    labels: ["route", "provider", "model", "outcome", "status"],
  },
  switchyard_request_duration_seconds: {
    type: "histogram",
    help: "Time from accepting a request to its last byte",
    labels: ["route", "provider"],
    buckets: requestSeconds,
  },
  switchyard_time_to_first_token_seconds: {
    type: "histogram",
    help: "Time from accepting a request to its first content byte",
    labels: ["route", "provider"],
    buckets: firstTokenSeconds,
  },
  switchyard_gateway_overhead_seconds: {
    type: "histogram",
    help: "Time a request spent in the gateway itself, without waiting for a provider",
    labels: [],
    buckets: overheadSeconds,
  },
  switchyard_attempts_total: {
    type: "counter",
    help: "Calls to a provider, retries, fallbacks and hedge legs included",
    labels: ["provider", "connection", "outcome"],
  },
  switchyard_provider_limit_total: {
    type: "counter",
    help: "Calls for which a provider's limit had no room, by what they did: waited, went on to the next target, or were refused",
    labels: ["connection", "outcome"],
  },
  switchyard_connection_probes_total: {
    type: "counter",
    help: "Model lists asked for to learn whether a connection works while no call goes there, by what came of it",
    labels: ["connection", "outcome"],
  },
  switchyard_provider_errors_total: {
    type: "counter",
    help: "Failed calls to a provider, by class of failure",
    labels: ["provider", "class"],
  },
  switchyard_tokens_total: {
    type: "counter",
    help: "Billed tokens by meter",
    labels: ["route", "provider", "meter"],
  },
  switchyard_cost_pico_usd_total: {
    type: "counter",
    // A sample is a 64-bit float: single units are exact only up to 2^53 pico-USD, which is about 9,007 USD.
    help: "Settled cost in pico-USD (1e-12 USD); approximate above 2^53, the ledger is the truth",
    labels: ["route", "provider"],
  },
  switchyard_cache_requests_total: {
    type: "counter",
    help: "Response cache look-ups by result: hit, miss or bypass",
    labels: ["route", "result"],
  },
  switchyard_refusals_total: {
    type: "counter",
    help: "Answers in which the model refused",
    labels: ["route", "provider"],
  },
  switchyard_escalations_total: {
    type: "counter",
    help: "Attempts at a higher tier of a cascade, by what came of them: the share that is complete is its rescue rate",
    labels: ["route", "outcome"],
  },
  switchyard_open_streams: {
    type: "gauge",
    help: "Streams being written to clients now",
    labels: [],
  },
  switchyard_journal_bytes: {
    type: "gauge",
    help: "Size of the local usage journal on disk",
    labels: [],
  },
  switchyard_journal_unshipped_records: {
    type: "gauge",
    help: "Journal records that the database does not have yet",
    labels: [],
  },
  switchyard_lease_refills_total: {
    type: "counter",
    help: "Attempts to refill a budget or rate lease, by result",
    labels: ["result"],
  },
  switchyard_quota_refusals_total: {
    type: "counter",
    help: "Requests refused by a budget or a rate limit, by error code",
    labels: ["code"],
  },
  switchyard_policy_revision: {
    type: "gauge",
    help: "Number of the policy revision in force; the lowest of the fleet",
    labels: [],
    aggregator: "min",
  },
  switchyard_policy_snapshot_age_seconds: {
    type: "gauge",
    help: "Time since the policy snapshot was last confirmed current; the highest of the fleet",
    labels: [],
    aggregator: "max",
  },
  switchyard_policy_rejected_total: {
    type: "counter",
    help: "Policy revisions that were refused because they did not validate",
    labels: [],
  },
  switchyard_admin_requests_total: {
    type: "counter",
    help: "Calls of the control-plane API, by route pattern and HTTP status",
    labels: ["method", "path", "status"],
  },
  switchyard_ingested_events_total: {
    type: "counter",
    help: "Usage events written to the ledger",
    labels: [],
  },
  switchyard_ingestion_lag_seconds: {
    type: "gauge",
    help: "Age of the newest usage event when it reached the ledger",
    labels: [],
    aggregator: "max",
  },
  switchyard_jobs_total: {
    type: "counter",
    help: "Jobs finished, by result",
    labels: ["job", "result"],
  },
  switchyard_job_duration_seconds: {
    type: "histogram",
    help: "Time a job took",
    labels: ["job"],
    buckets: jobSeconds,
  },
  switchyard_roll_up_drift_hours: {
    type: "gauge",
    help: "Hours whose roll-ups and ledger differ; anything but zero is a fault",
    labels: [],
    aggregator: "max",
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricCatalogue;

/** The names of one type, so that a counter cannot be asked for as a gauge. */
export type MetricNameOf<Type extends MetricType> = {
  [Name in MetricName]: (typeof metricCatalogue)[Name]["type"] extends Type ? Name : never;
}[MetricName];

/** The label names of a metric. */
export type LabelNameOf<Name extends MetricName> = (typeof metricCatalogue)[Name]["labels"][number];
