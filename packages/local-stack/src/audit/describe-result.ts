import type { AuditResult } from "./run-audit.ts";

const mostCounterexamples = 5;

/** The outcome of an audit, as lines for a terminal. */
export function describeResult(result: AuditResult, seed: number): string {
  const faults = [...result.injected].map(([fault, count]) => `${fault} ×${count}`);
  const lines = result.findings.flatMap(({ number, claim, figures, broken }) => [
    `  ${broken.length === 0 ? "✓" : "✗"} ${number}  ${claim}`,
    `       ${figures}`,
    ...broken.slice(0, mostCounterexamples).map((counterexample) => `       ${counterexample}`),
    ...(broken.length > mostCounterexamples ? [`       … and ${broken.length - mostCounterexamples} more`] : []),
  ]);
  const brokenCount = result.findings.filter(({ broken }) => broken.length > 0).length;
  return [
    "",
    `  seed ${seed}: ${result.calls} calls; ${faults.join(", ") || "no faults"}; quiet ${(result.quietAfterMs / 1_000).toFixed(1)} s after healing`,
    ...lines,
    "",
    `  ${result.findings.length - brokenCount} invariants hold, ${brokenCount} broken`,
    "",
  ].join("\n");
}
