/** Budgets in the order of their scopes: the organisation, its teams, their projects and keys, then what stands beside. */
import type { Budget, BudgetOutlook } from "@switchyard/api-contract/quotas";
import type { QuotaScopeType } from "@switchyard/metering/quota";

export interface TreeRow {
  readonly key: string;
  readonly depth: number;
  readonly scopeType: QuotaScopeType;
  readonly name: string;
  /** Null for a scope that has no budget of its own and is named for those below it. */
  readonly budget: Budget | null;
  readonly dailyUsd: string | null;
}

interface Node {
  readonly step: BudgetOutlook["path"][number];
  readonly children: Map<string, Node>;
  readonly budgets: { readonly budget: Budget; readonly dailyUsd: string | null }[];
}

/** Scopes by name below each other, each followed by what is in it; a scope with several budgets has a row for each. */
export function budgetTree(budgets: readonly Budget[], outlook: readonly BudgetOutlook[]): TreeRow[] {
  const outlookOf = new Map(outlook.map((item) => [item.budgetId, item]));
  const roots = new Map<string, Node>();
  for (const budget of budgets) {
    const known = outlookOf.get(budget.id);
    const path = known?.path ?? [{ ...budget.scope, name: budget.scopeName }];
    let level = roots;
    let node: Node | undefined;
    for (const step of path) {
      const key = `${step.type} ${step.id}`;
      node = level.get(key) ?? { step, children: new Map(), budgets: [] };
      level.set(key, node);
      level = node.children;
    }
    node?.budgets.push({ budget, dailyUsd: known?.dailyUsd ?? null });
  }
  return rowsOf(roots, 0, "");
}

const order: readonly QuotaScopeType[] = [
  "organisation",
  "team",
  "project",
  "virtual_key",
  "route",
  "connection",
  "user",
  "session",
  "tag",
];

function rowsOf(level: ReadonlyMap<string, Node>, depth: number, path: string): TreeRow[] {
  const nodes = [...level.values()].toSorted(
    (left, right) =>
      order.indexOf(left.step.type) - order.indexOf(right.step.type) || left.step.name.localeCompare(right.step.name),
  );
  return nodes.flatMap(({ step, children, budgets }) => {
    const key = `${path}/${step.type}:${step.id}`;
    const row = { depth, scopeType: step.type, name: step.name };
    const own: TreeRow[] =
      budgets.length === 0
        ? [{ ...row, key, budget: null, dailyUsd: null }]
        : budgets.map(({ budget, dailyUsd }) => ({ ...row, key: `${key}#${budget.id}`, budget, dailyUsd }));
    return [...own, ...rowsOf(children, depth + 1, key)];
  });
}
