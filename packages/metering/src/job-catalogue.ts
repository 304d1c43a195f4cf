/** The one table of background work: every queue job, its payload and how it is retried. The worker binds handlers to it. */
import { z } from "zod";

export interface JobDefinition {
  readonly queue: string;
  readonly payload: z.ZodType;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly concurrency: number;
  /** Milliseconds between runs of a scheduled job; null for jobs that are added on demand. */
  readonly everyMs: number | null;
}

const nothing = z.strictObject({});

export const usageBatchSchema = z.strictObject({
  batchId: z.string().min(1).max(200),
  gatewayId: z.string().min(1).max(200),
  events: z.array(z.looseObject({ type: z.enum(["attempt", "request", "feedback"]), version: z.literal(1) })).max(2000),
});

const monthlyReportPayload = z.strictObject({ reportId: z.string().min(1).max(64) });

export const jobCatalogue = {
  "ingest-usage": {
    queue: "usage",
    payload: usageBatchSchema,
    attempts: 1_000_000,
    backoffMs: 1_000,
    concurrency: 3,
    everyMs: null,
  },
  "verify-roll-ups": {
    queue: "maintenance",
    payload: nothing,
    attempts: 3,
    backoffMs: 30_000,
    concurrency: 1,
    everyMs: 300_000,
  },
  "count-feedback": {
    queue: "maintenance",
    payload: nothing,
    attempts: 3,
    backoffMs: 5_000,
    concurrency: 1,
    everyMs: 15_000,
  },
  "refresh-performance": {
    queue: "maintenance",
    payload: nothing,
    attempts: 3,
    backoffMs: 5_000,
    concurrency: 1,
    everyMs: 30_000,
  },
  "evaluate-budget-thresholds": {
    queue: "budgets",
    payload: nothing,
    attempts: 5,
    backoffMs: 2_000,
    concurrency: 1,
    everyMs: 10_000,
  },
  "deliver-alert": {
    queue: "alerts",
    payload: z.strictObject({ alertId: z.string().min(1) }),
    attempts: 8,
    backoffMs: 5_000,
    concurrency: 2,
    everyMs: null,
  },
  "expire-leases": {
    queue: "budgets",
    payload: nothing,
    attempts: 3,
    backoffMs: 5_000,
    concurrency: 1,
    everyMs: 60_000,
  },
  "maintain-partitions": {
    queue: "maintenance",
    payload: nothing,
    attempts: 5,
    backoffMs: 30_000,
    concurrency: 1,
    everyMs: 3_600_000,
  },
  "forget-idempotent-calls": {
    queue: "maintenance",
    payload: nothing,
    attempts: 3,
    backoffMs: 10_000,
    concurrency: 1,
    everyMs: 60_000,
  },
  "compile-team-cost-reports": {
    queue: "reports",
    payload: nothing,
    attempts: 3,
    backoffMs: 10_000,
    concurrency: 1,
    everyMs: 300_000,
  },
  "plan-monthly-reports": {
    queue: "reports",
    payload: nothing,
    attempts: 3,
    backoffMs: 5_000,
    concurrency: 2,
    everyMs: 10_000,
  },
  "revise-monthly-reports": {
    queue: "reports",
    payload: nothing,
    attempts: 3,
    backoffMs: 60_000,
    concurrency: 2,
    everyMs: 900_000,
  },
  "compile-monthly-report": {
    queue: "reports",
    payload: monthlyReportPayload,
    attempts: 3,
    backoffMs: 10_000,
    concurrency: 2,
    everyMs: null,
  },
  "deliver-monthly-report": {
    queue: "alerts",
    payload: monthlyReportPayload,
    attempts: 8,
    backoffMs: 5_000,
    concurrency: 2,
    everyMs: null,
  },
} as const satisfies Record<string, JobDefinition>;

export type JobName = keyof typeof jobCatalogue;
export type JobPayload<Name extends JobName> = z.infer<(typeof jobCatalogue)[Name]["payload"]>;
