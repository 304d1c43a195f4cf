import { Stack, Text } from "@mantine/core";
import type { Budget, BudgetMember } from "@switchyard/api-contract/quotas";
import type { QuotaMemberKind } from "@switchyard/metering/quota";
import { useQuery } from "@tanstack/react-query";
import { showUsd } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import classes from "./budgets.module.css";
import { budgetMembersQuery } from "./queries.ts";

const shown = 5;

/** Who used most of a limit that each of them has. */
export function BudgetMembers({ budget, eachOf }: { budget: Budget; eachOf: QuotaMemberKind }) {
  const members = useQuery(budgetMembersQuery(budget.id));
  return (
    <QueryStates
      query={members}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Text size="sm" c="dimmed" mt={8}>
          No {eachOf} has called in this period.
        </Text>
      }
    >
      {({ items, memberCount }) => (
        <Stack gap={6} mt={8}>
          {items.slice(0, shown).map((item) => (
            <Member key={item.member ?? ""} budget={budget} eachOf={eachOf} item={item} />
          ))}
          <Text size="xs" c="dimmed">
            {memberCount > shown
              ? `The ${shown} that used most of ${memberCount} ${eachOf}s.`
              : `${memberCount} ${eachOf}${memberCount === 1 ? "" : "s"} in this period.`}
          </Text>
        </Stack>
      )}
    </QueryStates>
  );
}

function Member({ budget, eachOf, item }: { budget: Budget; eachOf: QuotaMemberKind; item: BudgetMember }) {
  const name = item.member ?? `no ${eachOf}`;
  return (
    <div>
      <div className={classes.member}>
        <Text size="sm" truncate>
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          {showUsd(item.state.usedUsd)}
        </Text>
      </div>
      <BudgetBar budget={{ ...budget, state: item.state }} label={`${name}: `} />
    </div>
  );
}
