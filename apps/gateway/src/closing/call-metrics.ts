import type { Metrics } from "@switchyard/telemetry/metrics";
import type { Call } from "../accept/call.ts";
import { overheadMs } from "./request-record.ts";

const nobody = "none";

/** Counts how calls ended. */
export class CallMetrics {
  readonly #requests;
  readonly #durations;
  readonly #firstTokens;
  readonly #overheads;
  readonly #refusals;

  constructor(metrics: Metrics) {
    this.#requests = metrics.counter("switchyard_requests_total");
    this.#durations = metrics.histogram("switchyard_request_duration_seconds");
    this.#firstTokens = metrics.histogram("switchyard_time_to_first_token_seconds");
    this.#overheads = metrics.histogram("switchyard_gateway_overhead_seconds").with();
    this.#refusals = metrics.counter("switchyard_refusals_total");
  }

  count(call: Call, durationMs: number): void {
    const route = call.route?.name ?? nobody;
    const provider = call.connection?.kind ?? nobody;
    const model = call.model?.providerModel ?? nobody;
    const outcome = call.errorCode ?? call.verdict ?? "complete";
    this.#requests.with({ route, provider, model, outcome, status: String(call.status) }).inc();
    this.#durations.with({ route, provider }).observe(durationMs / 1000);
    this.#overheads.observe(overheadMs(call, durationMs) / 1000);
    if (call.firstByteAt !== null) {
      this.#firstTokens.with({ route, provider }).observe((call.firstByteAt - call.startedAt) / 1000);
    }
    if (call.verdict === "refused") this.#refusals.with({ route, provider }).inc();
  }
}
