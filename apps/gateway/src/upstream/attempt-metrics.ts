import type { Usage } from "@switchyard/metering/meters";
import type { AttemptRecord } from "@switchyard/metering/usage-event";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { AttemptTarget } from "./live-attempt.ts";

/** Counts what each attempt came to. */
export class AttemptMetrics {
  readonly #attempts;
  readonly #errors;
  readonly #escalations;
  readonly #tokens;
  readonly #cost;

  constructor(metrics: Metrics) {
    this.#attempts = metrics.counter("switchyard_attempts_total");
    this.#errors = metrics.counter("switchyard_provider_errors_total");
    this.#escalations = metrics.counter("switchyard_escalations_total");
    this.#tokens = metrics.counter("switchyard_tokens_total");
    this.#cost = metrics.counter("switchyard_cost_pico_usd_total");
  }

  count({ connection }: AttemptTarget, record: AttemptRecord): void {
    const provider = record.providerKind;
    const route = record.routeName;
    this.#attempts.with({ provider, connection: connection.name, outcome: record.verdict }).inc();
    if (record.failureClass !== null) this.#errors.with({ provider, class: record.failureClass }).inc();
    if (record.role === "escalation") this.#escalations.with({ route, outcome: record.verdict }).inc();
    this.#cost.with({ route, provider }).inc(Number(record.costPicoUsd));
    for (const meter in record.usage) {
      const quantity = record.usage[meter as keyof Usage];
      if (quantity !== undefined && quantity > 0) this.#tokens.with({ route, provider, meter }).inc(quantity);
    }
  }
}
