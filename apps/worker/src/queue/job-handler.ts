import type { JobName, JobPayload } from "@switchyard/metering/job-catalogue";

/** The work behind one row of the job catalogue. Must be safe to run twice: a queue delivers at least once. */
export interface JobHandler<Name extends JobName = JobName> {
  readonly job: Name;
  run(payload: JobPayload<Name>): Promise<void>;
}

/** Nest token under which all handlers are collected. */
export const jobHandlersToken = Symbol("job handlers");
