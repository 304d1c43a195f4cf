import type { PolicyChange } from "@switchyard/api-contract/policy-revisions";
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { type OutlineNode, outlinePolicy } from "./policy-outline.ts";

/** What changed between two revisions, as a person reads it; null stands for "before the first". */
export function diffPolicy(before: PolicyRevision | null, after: PolicyRevision): PolicyChange[] {
  return diffNodes(before === null ? [] : outlinePolicy(before), outlinePolicy(after), []);
}

function diffNodes(
  before: readonly OutlineNode[],
  after: readonly OutlineNode[],
  path: readonly string[],
): PolicyChange[] {
  const earlier = new Map(before.map((node) => [node.key, node]));
  const later = new Set(after.map(({ key }) => key));
  return [
    ...before.filter(({ key }) => !later.has(key)).flatMap((node) => describeWhole(node, "removed", path)),
    ...after.flatMap((node) => {
      const known = earlier.get(node.key);
      return known ? diffNode(known, node, path) : describeWhole(node, "added", path);
    }),
  ];
}

function diffNode(before: OutlineNode, after: OutlineNode, path: readonly string[]): PolicyChange[] {
  const here = [...path, after.label];
  if (after.children) return diffNodes(before.children ?? [], after.children, here);
  if (before.value === after.value) return [];
  return [{ path: here, kind: "changed", before: before.value ?? null, after: after.value ?? null }];
}

/** Everything under a node that came or went, one line a leaf; a thing without leaves is a line itself. */
function describeWhole(node: OutlineNode, kind: "added" | "removed", path: readonly string[]): PolicyChange[] {
  const here = [...path, node.label];
  const children = node.children ?? [];
  if (node.value === undefined && children.length > 0)
    return children.flatMap((child) => describeWhole(child, kind, here));
  if (node.value === undefined && here.length === 1) return [];
  const value = node.value ?? null;
  return [{ path: here, kind, before: kind === "removed" ? value : null, after: kind === "added" ? value : null }];
}
