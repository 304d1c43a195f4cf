import { jobCatalogue, type JobName } from "@switchyard/metering/job-catalogue";
import { describe, expect, it } from "vitest";
import type { JobHandler } from "./job-handler.ts";
import { bindHandlers } from "./job-runner.service.ts";

const handlerOf = (job: JobName): JobHandler => ({ job, run: async () => undefined });
const complete = (Object.keys(jobCatalogue) as JobName[]).map(handlerOf);

describe("binding handlers to the job catalogue", () => {
  it("takes exactly one handler a job", () => {
    expect(bindHandlers(complete).size).toBe(complete.length);
  });

  it("refuses to start when a job has no handler", () => {
    expect(() => bindHandlers(complete.slice(1))).toThrow(/no handler for job ingest-usage/);
  });

  it("refuses to start when a job has two", () => {
    expect(() => bindHandlers([...complete, handlerOf("deliver-alert")])).toThrow(/two handlers for job deliver-alert/);
  });
});
