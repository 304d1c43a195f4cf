import { Injectable } from "@nestjs/common";
import type { JobName } from "@switchyard/metering/job-catalogue";
import { createMetrics } from "@switchyard/telemetry/metrics";

/** The worker's metrics, by what happened instead of by metric name. */
@Injectable()
export class WorkerMetrics {
  readonly #metrics = createMetrics();
  readonly #ingested = this.#metrics.counter("switchyard_ingested_events_total").with();
  readonly #lag = this.#metrics.gauge("switchyard_ingestion_lag_seconds").with();
  readonly #drift = this.#metrics.gauge("switchyard_roll_up_drift_hours").with();
  readonly #jobs = this.#metrics.counter("switchyard_jobs_total");
  readonly #durations = this.#metrics.histogram("switchyard_job_duration_seconds");

  jobDone(job: JobName, result: "completed" | "failed", durationMs: number): void {
    this.#jobs.with({ job, result }).inc();
    this.#durations.with({ job }).observe(durationMs / 1000);
  }

  ingested(events: number, lagMs: number): void {
    this.#ingested.inc(events);
    this.#lag.set(Math.max(0, lagMs) / 1000);
  }

  rollUpDrift(hours: number): void {
    this.#drift.set(hours);
  }

  exposition(): Promise<string> {
    return this.#metrics.exposition();
  }
}
