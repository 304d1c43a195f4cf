/** What the fleet knows of how targets do at tasks: what the worker computes from the roll-ups, and gateways read. */
import { z } from "zod";

/** What became of answers to tasks of one kind on one target. Counts are fractions where what is old weighs less. */
export const evidenceSchema = z.object({
  /** `unknown` stands for what could not be told, or was not asked. */
  taskClass: z.string(),
  connectionId: z.string(),
  modelId: z.string(),
  successes: z.number().min(0),
  failures: z.number().min(0),
  outputTokens: z.number().min(0),
});

export type Evidence = z.infer<typeof evidenceSchema>;

export const performanceFactsSchema = z.object({
  computedAtMs: z.number(),
  /** Of all gateways, each piece weighed by its age. */
  evidence: z.array(evidenceSchema).max(10_000),
  /** What of the asking process's own observations is in it: since the process started, each counted in full. */
  included: z.array(evidenceSchema).max(10_000),
});

export type PerformanceFactsSnapshot = z.infer<typeof performanceFactsSchema>;

/** Evidence counts half after so long: what a target did two weeks ago counts a quarter. */
export const evidenceHalfLifeDays = 7;
