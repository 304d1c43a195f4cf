"use client";
import { Modal } from "@mantine/core";
import type { Budget } from "@switchyard/api-contract/quotas";
import { IconCoin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { askFirst } from "../../ui/ask-first.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { notifyDone, notifyFailure } from "../../ui/notify.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { BudgetCard } from "./budget-card.tsx";
import { BudgetForm } from "./budget-form.tsx";
import classes from "./budgets.module.css";
import { useEndRaise, useLiftBudget, useUpdateBudget } from "./mutations.ts";
import { budgetsQuery } from "./queries.ts";
import { RaiseForm } from "./raise-form.tsx";

export function BudgetList({ create }: { create: ReactNode }) {
  const budgets = useQuery(budgetsQuery);
  const [editing, setEditing] = useState<Budget | null>(null);
  const [raising, setRaising] = useState<Budget | null>(null);
  const endRaise = useEndRaise();
  const update = useUpdateBudget();
  const lift = useLiftBudget();
  const confirmLift = (budget: Budget) =>
    askFirst({
      title: `Lift the budget ${budget.name}?`,
      consequence: "Calls are no longer bounded by it, within seconds. What was spent stays in every report.",
      confirm: "Lift budget",
      isDestructive: true,
      onConfirm: () =>
        lift.mutate(budget.id, { onSuccess: () => notifyDone(`${budget.name} is lifted.`), onError: notifyFailure }),
    });
  return (
    <>
      <QueryStates
        query={budgets}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconCoin size={24} aria-hidden />} title="No budgets yet" action={create}>
            A hard budget is held before a call is sent, so it is never passed.
          </EmptyState>
        }
      >
        {(data) => (
          <div className={classes.budgets}>
            {data.map((budget) => (
              <BudgetCard
                key={budget.id}
                budget={budget}
                onEdit={() => setEditing(budget)}
                onRaise={() => setRaising(budget)}
                onEndRaise={() => endRaise.mutate(budget.id, { onError: notifyFailure })}
                onLift={() => confirmLift(budget)}
              />
            ))}
          </div>
        )}
      </QueryStates>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={`Edit ${editing?.name}`}>
        {editing && (
          <BudgetForm
            budget={editing}
            isPending={update.isPending}
            error={update.error}
            onSubmit={({ name, limitUsd, mode, whenShort, thresholdsPct }) =>
              update.mutate(
                { id: editing.id, body: { name, limitUsd, mode, whenShort, thresholdsPct } },
                { onSuccess: () => setEditing(null) },
              )
            }
          />
        )}
      </Modal>
      <Modal opened={raising !== null} onClose={() => setRaising(null)} title={`Raise ${raising?.name}`}>
        {raising && <RaiseForm budget={raising} onDone={() => setRaising(null)} />}
      </Modal>
    </>
  );
}
