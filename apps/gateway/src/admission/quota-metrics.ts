import type { Metrics } from "@switchyard/telemetry/metrics";
import type { GatewayError } from "../errors/gateway-error.ts";
import type { LeaseAnswer } from "./lease.repository.ts";

/** Counts what the quotas did. */
export class QuotaMetrics {
  readonly #refills;
  readonly #refusals;

  constructor(metrics: Metrics) {
    this.#refills = metrics.counter("switchyard_lease_refills_total");
    this.#refusals = metrics.counter("switchyard_quota_refusals_total");
  }

  countAnswer(result: LeaseAnswer["status"] | "failed"): void {
    this.#refills.with({ result }).inc();
  }

  countRefusal({ code }: GatewayError): void {
    this.#refusals.with({ code }).inc();
  }
}
