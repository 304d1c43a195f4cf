/** What is said of the sample policy after a change: for the tests of validation. */
import type { PolicyRevision } from "../policy/policy-revision.ts";
import { validatePolicyRevision } from "../policy/validate-policy.ts";
import { sampleRevision } from "./sample-policy.ts";

export const kinds = [
  { kind: "openai", generic: false, listsModels: false },
  { kind: "openai-compatible", generic: true },
];

export function problemsOf(
  candidate: unknown,
): readonly { readonly path: string; readonly code: string; readonly message: string }[] {
  const validation = validatePolicyRevision(candidate, kinds);
  return validation.ok ? [] : validation.problems;
}

/** The problems of the sample after a change, as `code at path`. */
export function afterChange(change: (revision: PolicyRevision) => void): string[] {
  const revision = sampleRevision();
  change(revision);
  return problemsOf(revision).map(({ code, path }) => `${code} at ${path}`);
}

/** Sets what lies at a path, whatever its type should be. */
export function set(revision: PolicyRevision, path: readonly (string | number)[], value: unknown): void {
  let holder = revision as unknown as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  for (const last of path.slice(-1)) holder[last] = value;
}
