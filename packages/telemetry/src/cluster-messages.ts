/*
 * What the processes of a gateway fleet say to each other about metrics, over node:cluster's channel. Other parts of the
 * product use the same channel, so every message carries a kind and everything else is left alone.
 */

/** The metrics of one process as plain data, as prom-client's `getMetricsAsJSON` gives them. */
export type MetricSnapshot = object[];

/** A worker asks the primary for the sum over the fleet. */
export interface FleetRequest {
  readonly kind: "switchyard:fleet-metrics-request";
  readonly id: number;
  readonly timeoutMs: number;
}

/** The primary asks a worker for its own metrics. */
export interface OwnRequest {
  readonly kind: "switchyard:own-metrics-request";
  readonly id: number;
}

/** A worker's metrics; `id` is that of the request, or 0 for the last word of a worker that is about to leave. */
export interface OwnAnswer {
  readonly kind: "switchyard:own-metrics";
  readonly id: number;
  readonly snapshot: MetricSnapshot;
}

/** The sum over the fleet in Prometheus text format. */
export interface FleetAnswer {
  readonly kind: "switchyard:fleet-metrics";
  readonly id: number;
  readonly text: string;
}

type Messages = FleetRequest | OwnRequest | OwnAnswer | FleetAnswer;

/** Whether a channel message is the metrics message of this kind. */
export function isMessage<Kind extends Messages["kind"]>(
  message: unknown,
  kind: Kind,
): message is Extract<Messages, { kind: Kind }> {
  return typeof message === "object" && message !== null && "kind" in message && message.kind === kind;
}
