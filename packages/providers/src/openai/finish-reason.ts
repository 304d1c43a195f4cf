/** Finish reasons by which servers of this protocol say that generation failed (wire formats 1.5). */
const failedFinishes: ReadonlySet<string | null> = new Set(["error", "abort", "insufficient_system_resource"]);

export function isFailedFinish(finishReason: string | null): boolean {
  return failedFinishes.has(finishReason);
}
