"use client";
import { Select, Stack, Tabs } from "@mantine/core";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { Page } from "../../ui/page.tsx";
import { useCurrentMinute } from "../../ui/use-current-minute.ts";
import { daysOfMonth, lastMonths, monthOf } from "../../ui/months.ts";
import { Periods } from "./periods.tsx";
import { ReconciliationTable } from "./reconciliation-table.tsx";
import { Statements } from "./statements.tsx";
import { UnpricedList } from "./unpriced-list.tsx";

const views = ["reconciliation", "unpriced", "closing"] as const;
const monthsToChoose = 14;

export function LedgerScreen() {
  const nowMs = useCurrentMinute();
  const [view, setView] = useQueryState("view", parseAsStringLiteral(views).withDefault("reconciliation"));
  const [month, setMonth] = useQueryState("month", parseAsString);
  const range = daysOfMonth(month, nowMs);
  const choice = (
    <Select
      aria-label="Month"
      data={lastMonths(nowMs, monthsToChoose)}
      value={range.from.slice(0, 7)}
      onChange={(chosen) => void setMonth(chosen === monthOf(nowMs) ? null : chosen)}
      allowDeselect={false}
      w={170}
    />
  );
  return (
    <Page
      title="Ledger"
      description="Our figures beside the providers', what nobody has priced, and months that stand for good."
      actions={view === "closing" ? null : choice}
    >
      <Tabs
        value={view}
        onChange={(value) => void setView(views.find((known) => known === value) ?? null)}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="reconciliation">Reconciliation</Tabs.Tab>
          <Tabs.Tab value="unpriced">Unpriced</Tabs.Tab>
          <Tabs.Tab value="closing">Closed months</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="reconciliation">
          <Stack gap="xl">
            <ReconciliationTable range={range} />
            <Statements />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="unpriced">
          <UnpricedList range={range} />
        </Tabs.Panel>
        <Tabs.Panel value="closing">
          <Periods />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
