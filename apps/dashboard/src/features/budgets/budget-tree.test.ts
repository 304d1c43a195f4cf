import type { Budget, BudgetOutlook } from "@switchyard/api-contract/quotas";
import { expect, it } from "vitest";
import { budgetTree } from "./budget-tree.ts";

const budget = (id: string, scope: Budget["scope"]) => ({ id, scope, scopeName: scope.id }) as Budget;
const step = (type: Budget["scope"]["type"], id: string) => ({ type, id, name: id });

it("puts each budget below what it is part of, and names scopes without one only where something is below them", () => {
  const budgets = [
    budget("key", { type: "virtual_key", id: "crawler" }),
    budget("tag", { type: "tag", id: "env=prod" }),
    budget("day", { type: "organisation", id: "acme" }),
    budget("month", { type: "organisation", id: "acme" }),
    budget("team", { type: "team", id: "beta" }),
  ];
  const outlook: BudgetOutlook[] = [
    {
      budgetId: "key",
      path: [
        step("organisation", "acme"),
        step("team", "alpha"),
        step("project", "search"),
        step("virtual_key", "crawler"),
      ],
      dailyUsd: "1",
    },
    { budgetId: "day", path: [step("organisation", "acme")], dailyUsd: "3" },
    { budgetId: "month", path: [step("organisation", "acme")], dailyUsd: "3" },
    { budgetId: "team", path: [step("organisation", "acme"), step("team", "beta")], dailyUsd: "2" },
  ];
  const rows = budgetTree(budgets, outlook).map(({ depth, name, budget: own, dailyUsd }) => [
    depth,
    name,
    own?.id,
    dailyUsd,
  ]);
  expect(rows).toEqual([
    [0, "acme", "day", "3"],
    [0, "acme", "month", "3"],
    [1, "alpha", undefined, null],
    [2, "search", undefined, null],
    [3, "crawler", "key", "1"],
    [1, "beta", "team", "2"],
    [0, "env=prod", "tag", null],
  ]);
});
