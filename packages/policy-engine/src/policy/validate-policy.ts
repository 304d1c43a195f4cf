/**
 * The one judge of policy: the control plane asks it before it publishes, every gateway again before it takes a
 * revision, the dashboard while a form is being filled in.
 */
import { checkStructure } from "./check-structure.ts";
import { findDanglingReferences } from "./find-dangling-references.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { findFallbackCycles } from "./find-fallback-cycles.ts";
import { findGroupProblems } from "./find-group-problems.ts";
import { findPriceProblems } from "./find-price-problems.ts";
import { findQuotaProblems } from "./find-quota-problems.ts";
import { findRouteProblems, type ProviderKindRule } from "./find-route-problems.ts";
import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

export type { PolicyProblem, ProviderKindRule };

export type PolicyValidation =
  | { readonly ok: true; readonly revision: PolicyRevision }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Enough for a person to work on; a broken generator repeats itself anyway. */
const mostProblems = 200;

/**
 * Decides whether a candidate may run as policy, and says everything that speaks against it, up to a bound. Never
 * throws for a value that came from JSON. Without `providerKinds` nothing is said about kinds.
 */
export function validatePolicyRevision(
  candidate: unknown,
  providerKinds: readonly ProviderKindRule[] = [],
): PolicyValidation {
  const structure = checkStructure(candidate);
  if (!structure.ok) return { ok: false, problems: structure.problems.slice(0, mostProblems) };
  const { revision } = structure;
  const problems = findProblems(revision, providerKinds).take(mostProblems).toArray();
  return problems.length === 0 ? { ok: true, revision } : { ok: false, problems };
}

function* findProblems(
  revision: PolicyRevision,
  providerKinds: readonly ProviderKindRule[],
): Generator<PolicyProblem, undefined> {
  yield* findDuplicates(revision);
  yield* findDanglingReferences(revision);
  yield* findRouteProblems(revision, providerKinds);
  yield* findGroupProblems(revision);
  yield* findFallbackCycles(revision);
  yield* findPriceProblems(revision);
  yield* findQuotaProblems(revision);
}
