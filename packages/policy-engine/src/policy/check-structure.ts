/** Whether a candidate has the shape of a policy revision at all. */
import type { z } from "zod";
import { policyRevisionSchema, type PolicyRevision } from "./policy-revision.ts";
import type { PolicyProblem, StructuralProblemCode } from "./policy-problem.ts";

/**
 * How many entries a gateway takes of each kind: far more than a deployment has, and few enough that a revision is
 * checked in seconds and held in memory.
 */
export const mostEntries = {
  teams: 20_000,
  projects: 50_000,
  virtualKeys: 200_000,
  connections: 2_000,
  models: 20_000,
  routes: 20_000,
  quotas: 200_000,
  gatewayFees: 200_000,
} as const satisfies { readonly [list in keyof PolicyRevision]?: number };

/** Keys that reach into an object's prototype where code is careless; nothing in a policy is called so. */
const unsafeKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const deepest = 16;

export type Structure =
  | { readonly ok: true; readonly revision: PolicyRevision }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Checks sizes before anything else, so that no candidate can make the rest slow. */
export function checkStructure(candidate: unknown): Structure {
  const problems = [...findOversizedLists(candidate)];
  if (isRecord(candidate) && problems.length === 0) collectUnsafeKeys(candidate, "", 0, problems);
  if (problems.length > 0) return { ok: false, problems };
  const parsed = policyRevisionSchema.safeParse(candidate);
  if (parsed.success) return { ok: true, revision: parsed.data };
  return { ok: false, problems: parsed.error.issues.map(describeIssue) };
}

function* findOversizedLists(candidate: unknown): Generator<PolicyProblem> {
  for (const [list, most] of Object.entries(mostEntries)) {
    const entries = isRecord(candidate) ? candidate[list] : undefined;
    if (Array.isArray(entries) && entries.length > most) {
      yield {
        path: list,
        code: "too_many",
        message: `There are ${entries.length} ${list}; at most ${most} are allowed.`,
      };
    }
  }
}

function collectUnsafeKeys(value: object, path: string, depth: number, found: PolicyProblem[]): void {
  if (depth > deepest) {
    found.push({ path, code: "invalid", message: "The document nests too deep." });
    return;
  }
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    const isUnsafe = unsafeKeys.has(key);
    if (!isUnsafe && (typeof member !== "object" || member === null)) continue;
    const at = isList ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    if (isUnsafe) found.push({ path: at, code: "unsafe_key", message: `The key "${key}" is not allowed.` });
    else collectUnsafeKeys(member as object, at, depth + 1, found);
  }
}

function describeIssue(issue: z.core.$ZodIssue): PolicyProblem {
  return { path: spellPath(issue.path), code: codeOf(issue), message: `${issue.message.replace(/\.$/, "")}.` };
}

function codeOf(issue: z.core.$ZodIssue): StructuralProblemCode {
  switch (issue.code) {
    case "invalid_type":
    case "too_small":
    case "too_big":
    case "invalid_format":
    case "invalid_value":
      return issue.code;
    case "unrecognized_keys":
      return "unknown_key";
    case "invalid_union":
      return "invalid_value";
    default:
      return "invalid";
  }
}

function spellPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((spelled, step) => {
    if (typeof step === "number") return `${spelled}[${step}]`;
    return spelled === "" ? String(step) : `${spelled}.${String(step)}`;
  }, "");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
