import { Badge, Group, Menu, Paper, Text, Title, Tooltip, UnstyledButton } from "@mantine/core";
import type { Budget } from "@switchyard/api-contract/quotas";
import { IconDots } from "@tabler/icons-react";
import { usePermissions } from "../../session/session-gate.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Money } from "../../ui/money.tsx";
import { showUsd } from "../../ui/quantities.ts";
import { BudgetBar } from "./budget-bar.tsx";
import { BudgetMembers } from "./budget-members.tsx";
import classes from "./budgets.module.css";

interface BudgetCardProps {
  readonly budget: Budget;
  readonly onEdit: () => void;
  readonly onRaise: () => void;
  readonly onEndRaise: () => void;
  readonly onLift: () => void;
}

const periods = { day: "a day", week: "a week", month: "a month", total: "in total" } as const;

/** Used, held and left of one budget, drawn and in numbers. */
export function BudgetCard({ budget, onEdit, onRaise, onEndRaise, onLift }: BudgetCardProps) {
  const { refusals } = usePermissions();
  const { state, eachOf } = budget;
  return (
    <Paper withBorder className={classes.budget} component="section" aria-label={`Budget ${budget.name}`}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Group gap={8} wrap="nowrap">
            <Title order={3} size="sm" fw={600} lineClamp={1}>
              {budget.name}
            </Title>
            <Badge color={budget.mode === "hard" ? "red" : "gray"}>
              {budget.mode === "hard" ? "Hard" : "Alert only"}
            </Badge>
          </Group>
          <Text size="xs" c="dimmed" truncate>
            {budget.scopeName} · {showUsd(budget.limitUsd)} {periods[budget.period]}
            {eachOf !== null && ` for each ${eachOf}`}
          </Text>
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <GuardedButton
              size="compact-sm"
              variant="subtle"
              color="gray"
              refusal={refusals.money}
              aria-label={`Actions for ${budget.name}`}
            >
              <IconDots size={16} aria-hidden />
            </GuardedButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onEdit}>Edit</Menu.Item>
            <Menu.Item onClick={onRaise}>Raise for a while</Menu.Item>
            {budget.raise !== null && <Menu.Item onClick={onEndRaise}>End the raise</Menu.Item>}
            <Menu.Item color="red" onClick={onLift}>
              Lift
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {eachOf === null ? (
        <>
          <BudgetBar budget={budget} />
          <dl className={classes.figures}>
            <Figure name="Used" usd={state.usedUsd} />
            <Figure
              name="Held"
              hint="By calls under way, and set aside at gateways for the next ones; a gateway gives it back when another needs it."
              usd={state.heldUsd}
            />
            <Figure name="Left" usd={state.remainingUsd} />
            <Figure name="Forecast" usd={state.forecastUsd} />
          </dl>
        </>
      ) : (
        <BudgetMembers budget={budget} eachOf={eachOf} />
      )}
      {budget.raise !== null && (
        <Text size="xs" mt={8}>
          Raised by {showUsd(budget.raise.amountUsd)} until {inZone(budget.raise.until, budget.timeZone)}
        </Text>
      )}
      <Text size="xs" c="dimmed" mt={8}>
        {state.nextReset === null
          ? "Does not reset"
          : `Resets ${inZone(state.nextReset, budget.timeZone)} (${budget.timeZone})`}
        {budget.thresholdsPct.length > 0 && ` · alerts at ${budget.thresholdsPct.join(", ")} %`}
      </Text>
    </Paper>
  );
}

function Figure({ name, hint, usd }: { name: string; hint?: string; usd: string | null }) {
  return (
    <div>
      <dt>
        {hint === undefined ? (
          name
        ) : (
          <Tooltip label={hint} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
            <UnstyledButton className={classes.hinted}>{name}</UnstyledButton>
          </Tooltip>
        )}
      </dt>
      <dd>{usd === null ? "–" : <Money usd={usd} />}</dd>
    </div>
  );
}

function inZone(iso: string, timeZone: string): string {
  return new Date(iso).toLocaleString("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
