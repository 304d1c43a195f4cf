"use client";
import { Modal, Stack, Tabs } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { usePermissions } from "../../session/session-gate.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { Page } from "../../ui/page.tsx";
import { Alerts } from "./alerts.tsx";
import { BudgetForm } from "./budget-form.tsx";
import { BudgetList } from "./budget-list.tsx";
import { BudgetTreeView } from "./budget-tree-view.tsx";
import { FeeForm } from "./fee-form.tsx";
import { FeeList } from "./fee-list.tsx";
import { useSetBudget } from "./mutations.ts";
import { RateLimitForm } from "./rate-limit-form.tsx";
import { RateLimitList } from "./rate-limit-list.tsx";

const views = ["budgets", "scopes", "limits", "fees", "alerts"] as const;
const newThings = { budgets: "New budget", scopes: "New budget", limits: "New rate limit", fees: "Set a fee" } as const;

export function BudgetsScreen() {
  const [view, setView] = useQueryState("view", parseAsStringLiteral(views).withDefault("budgets"));
  const [isCreating, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  const setBudget = useSetBudget();
  const newThing = view === "alerts" ? null : newThings[view];
  const create = (
    <GuardedButton leftSection={<IconPlus size={16} aria-hidden />} refusal={refusals.money} onClick={open}>
      {newThing}
    </GuardedButton>
  );
  return (
    <Page
      title="Budgets and limits"
      description="What may be spent and how fast, held before a call is sent."
      actions={newThing === null ? null : create}
    >
      <Tabs
        value={view}
        onChange={(value) => void setView(views.find((known) => known === value) ?? null)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="budgets">Budgets</Tabs.Tab>
          <Tabs.Tab value="scopes">By scope, and what if</Tabs.Tab>
          <Tabs.Tab value="limits">Rate limits</Tabs.Tab>
          <Tabs.Tab value="fees">Gateway fee</Tabs.Tab>
          <Tabs.Tab value="alerts">Alerts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="budgets">
          <BudgetList create={create} />
        </Tabs.Panel>
        <Tabs.Panel value="scopes">
          <BudgetTreeView create={create} />
        </Tabs.Panel>
        <Tabs.Panel value="limits">
          <RateLimitList create={create} />
        </Tabs.Panel>
        <Tabs.Panel value="fees">
          <FeeList />
        </Tabs.Panel>
        <Tabs.Panel value="alerts">
          <Stack gap="xl">
            <Alerts />
          </Stack>
        </Tabs.Panel>
      </Tabs>
      <Modal opened={isCreating} onClose={close} title={newThing}>
        {isCreating && view === "limits" && <RateLimitForm rateLimit={null} onDone={close} />}
        {isCreating && view === "fees" && <FeeForm fee={null} onDone={close} />}
        {isCreating && (view === "budgets" || view === "scopes") && (
          <BudgetForm
            budget={null}
            isPending={setBudget.isPending}
            error={setBudget.error}
            onSubmit={(body) =>
              setBudget.mutate(body, {
                onSuccess: ({ name }) => {
                  close();
                  notifyDone(`${name} is in force.`);
                },
              })
            }
          />
        )}
      </Modal>
    </Page>
  );
}
