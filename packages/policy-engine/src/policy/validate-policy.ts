import type { PolicyRevision } from "./policy-revision.ts";

export interface PolicyProblem {
  /** Where in the candidate, as JavaScript would spell it: `routes[2].targets[0].weight`. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export type PolicyValidation =
  | { readonly ok: true; readonly revision: PolicyRevision }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** What validation has to know of a provider kind; `@switchyard/providers/manifests` has one for each. */
export interface ProviderKindRule {
  readonly kind: string;
  /** A generic kind speaks a protocol, not for a vendor: a connection of it may serve any model. */
  readonly generic: boolean;
}

/** Decides whether a candidate may run as policy. Never throws, whatever the candidate is. */
export function validatePolicyRevision(
  candidate: unknown,
  providerKinds: readonly ProviderKindRule[] = [],
): PolicyValidation {
  throw new Error(`not built yet: ${typeof candidate} ${providerKinds.length}`);
}
