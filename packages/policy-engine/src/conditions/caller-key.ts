import type { CallerFacts } from "./holds.ts";

/** What a caller is told apart by; null where the call does not say. Ids of different projects never meet. */
export function callerKey(caller: CallerFacts, by: "session" | "user" | "virtual_key"): string | null {
  const value = by === "virtual_key" ? caller.virtualKeyId : caller[by];
  return value === null ? null : `${caller.projectId}\n${value}`;
}
