"use client";
import { Alert, Button, Group, Text, TextInput } from "@mantine/core";
import type { Budget } from "@switchyard/api-contract/quotas";
import type { QuotaScopeType } from "@switchyard/metering/quota";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { IconCoin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { createParser, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Money } from "../../ui/money.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel, type Tone } from "../../ui/state-label.tsx";
import { useCurrentMinute } from "../../ui/use-current-minute.ts";
import { budgetTree, type TreeRow } from "./budget-tree.ts";
import classes from "./budgets.module.css";
import { budgetOutlookQuery, budgetsQuery } from "./queries.ts";
import { prospectOf, type Prospect } from "./would-block.ts";

/** Limits that somebody tries, by budget; they live in the address and nowhere else. */
type Drafts = Readonly<Record<string, string>>;

const draftsParser = createParser<Drafts>({
  parse: (text) =>
    Object.fromEntries(
      text.split(",").flatMap((entry) => {
        const at = entry.indexOf(":");
        return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
      }),
    ),
  serialize: (drafts) =>
    Object.entries(drafts)
      .map(([id, amount]) => `${id}:${amount}`)
      .join(","),
  eq: (left, right) => JSON.stringify(left) === JSON.stringify(right),
});

interface Judged extends TreeRow {
  readonly tried: string | null;
  readonly prospect: Prospect | null;
}

/** Every budget where it stands, and what other limits would do. Nothing that is typed here is saved. */
export function BudgetTreeView({ create }: { create: ReactNode }) {
  const budgets = useQuery(budgetsQuery);
  const outlook = useQuery(budgetOutlookQuery);
  const [drafts, setDrafts] = useQueryState("if", draftsParser.withDefault({}).withOptions({ throttleMs: 300 }));
  const nowMs = useCurrentMinute();
  const change = (id: string, limitUsd: string, amount: string) => {
    const { [id]: _, ...others } = drafts;
    const text = amount.trim().replaceAll(",", "");
    void setDrafts(text === "" || text === limitUsd ? others : { ...others, [id]: text });
  };
  return (
    <QueryStates
      query={budgets}
      isEmpty={(data) => data.length === 0}
      empty={
        <EmptyState icon={<IconCoin size={24} aria-hidden />} title="No budgets yet" action={create}>
          A hard budget is held before a call is sent, so it is never passed.
        </EmptyState>
      }
    >
      {(data) => {
        const rows = budgetTree(data, outlook.data ?? []).map((row) => judge(row, drafts, nowMs));
        return (
          <>
            <Summary rows={rows} onReset={() => void setDrafts(null)} isTrying={Object.keys(drafts).length > 0} />
            <DataTable label="Budgets by scope" columns={columns(change)} rows={rows} keyOf={({ key }) => key} />
          </>
        );
      }}
    </QueryStates>
  );
}

function isAmount(text: string): boolean {
  try {
    return parseUsd(text) >= 0n;
  } catch {
    return false;
  }
}

function judge(row: TreeRow, drafts: Drafts, nowMs: number): Judged {
  const { budget } = row;
  const tried = budget === null ? null : (drafts[budget.id] ?? null);
  if (budget === null || budget.eachOf !== null) return { ...row, tried, prospect: null };
  const limitUsd = tried !== null && isAmount(tried) ? tried : budget.limitUsd;
  return { ...row, tried, prospect: prospectOf(budget, limitUsd, row.dailyUsd, nowMs) };
}

function Summary({ rows, isTrying, onReset }: { rows: readonly Judged[]; isTrying: boolean; onReset: () => void }) {
  const namesOf = (verdict: Prospect["verdict"]) =>
    rows.filter(({ budget, prospect }) => budget?.mode === "hard" && prospect?.verdict === verdict).map(nameOf);
  const now = namesOf("now");
  const later = namesOf("later");
  const isSound = rows.every(({ tried }) => tried === null || isAmount(tried));
  const said = [
    now.length === 0 ? "Nobody is refused now." : `Refused now: ${list(now)}.`,
    later.length === 0
      ? "At the pace of the last seven days nobody reaches a limit before it resets."
      : `At the pace of the last seven days, before the limit resets: ${list(later)}.`,
  ];
  return (
    <Alert color={now.length > 0 ? "red" : later.length > 0 ? "yellow" : "gray"} mb="md" aria-live="polite">
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.prospect}>
          <Text size="sm" fw={600}>
            {isTrying ? "Who would be blocked with these limits" : "Who is blocked, and who will be"}
          </Text>
          <Text size="sm">{isSound ? said.join(" ") : "Not every limit is an amount of dollars."}</Text>
          <Text size="xs" c="dimmed">
            {isTrying ? "Nothing is saved." : "Type another limit to see what it would do. Nothing is saved."}
          </Text>
        </div>
        {isTrying && (
          <Button size="compact-sm" variant="default" onClick={onReset}>
            Back to the limits in force
          </Button>
        )}
      </Group>
    </Alert>
  );
}

const nameOf = ({ name, budget }: Judged): string => (budget === null ? name : `${name} (${budget.name})`);

function list(names: readonly string[]): string {
  const most = 5;
  return names.length > most ? `${names.slice(0, most).join(", ")} and ${names.length - most} more` : names.join(", ");
}

const scopeNames: { readonly [type in QuotaScopeType]: string } = {
  organisation: "organisation",
  team: "team",
  project: "project",
  virtual_key: "key",
  user: "user",
  session: "session",
  tag: "tag",
  route: "route",
  connection: "provider",
};

const periods = { day: "a day", week: "a week", month: "a month", total: "in total" } as const;

const columns = (onTry: (id: string, limitUsd: string, amount: string) => void): readonly Column<Judged>[] => [
  {
    header: "Scope",
    cell: ({ depth, name, scopeType, budget }) => (
      <div style={{ paddingInlineStart: depth * 18 }} data-depth={depth}>
        <Text inherit fw={budget === null ? 400 : 500}>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {scopeNames[scopeType]}
          {budget !== null && ` · ${budget.name}`}
        </Text>
      </div>
    ),
  },
  {
    header: "Limit",
    align: "right",
    cell: ({ budget, tried }) => (budget === null ? null : <LimitField budget={budget} tried={tried} onTry={onTry} />),
  },
  { header: "Used", align: "right", cell: (row) => amount(row, ({ state }) => state.usedUsd) },
  { header: "Held", align: "right", cell: (row) => amount(row, ({ state }) => state.heldUsd) },
  { header: "Left", align: "right", cell: (row) => amount(row, ({ state }) => state.remainingUsd) },
  {
    header: "Forecast",
    align: "right",
    cell: ({ prospect }) => (prospect?.forecastUsd == null ? "–" : <Money usd={prospect.forecastUsd} />),
  },
  { header: "Then", onPhone: "heading", cell: (row) => <Outcome row={row} /> },
];

function amount({ budget }: Judged, of: (budget: Budget) => string): ReactNode {
  if (budget === null) return null;
  return budget.eachOf === null ? <Money usd={of(budget)} /> : "–";
}

interface LimitFieldProps {
  readonly budget: Budget;
  readonly tried: string | null;
  readonly onTry: (id: string, limitUsd: string, amount: string) => void;
}

function LimitField({ budget, tried, onTry }: LimitFieldProps) {
  const isSound = tried === null || isAmount(tried);
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <TextInput
        size="xs"
        w={110}
        leftSection="$"
        inputMode="decimal"
        aria-label={`Limit of ${budget.name} to try`}
        value={tried ?? budget.limitUsd}
        error={!isSound}
        data-tried={tried !== null || undefined}
        classNames={{ input: classes.tried }}
        onChange={(event) => onTry(budget.id, budget.limitUsd, event.currentTarget.value)}
        disabled={budget.eachOf !== null}
      />
      <Text size="xs" c="dimmed" className={classes.period}>
        {budget.eachOf === null ? periods[budget.period] : `${periods[budget.period]}, each ${budget.eachOf}`}
      </Text>
    </Group>
  );
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

function Outcome({ row: { budget, prospect } }: { row: Judged }) {
  if (budget === null || prospect === null) return null;
  const isHard = budget.mode === "hard";
  const on = prospect.reachedAtMs === null ? "" : day.format(prospect.reachedAtMs);
  const words: Readonly<Record<Prospect["verdict"], readonly [Tone, string]>> = {
    now: isHard ? ["bad", "refuses now"] : ["warning", "over, alerts only"],
    later: [isHard ? "warning" : "idle", `${isHard ? "refuses" : "over"} from ${on}`],
    fits: ["good", "fits"],
    unknown: ["idle", "pace not known"],
  };
  const [tone, text] = words[prospect.verdict];
  return <StateLabel tone={tone}>{text}</StateLabel>;
}
