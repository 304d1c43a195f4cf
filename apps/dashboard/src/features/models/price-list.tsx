"use client";
import { Badge, Button, Checkbox, Group, Stack, Switch, Text } from "@mantine/core";
import type { CatalogueChange } from "@switchyard/api-contract/catalogue-changes";
import { IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { usePermissions } from "../../session/session-gate.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Failure } from "../../ui/failure.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { nameOfMeter } from "../../ui/meter-names.ts";
import { notifyDone } from "../../ui/notify.ts";
import { showCount } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { showPriceAmount, showPriceUnit } from "../../ui/unit-price.ts";
import { useApplyCatalogueChanges } from "./mutations.ts";
import { conditionOf } from "./price-condition.ts";
import { catalogueChangesQuery } from "./queries.ts";

const shownAtOnce = 50;

/** What the price list of this release would change, to be looked at and taken over model by model. */
export function PriceList({ onApplied }: { onApplied: () => void }) {
  const changes = useQuery(catalogueChangesQuery);
  return (
    <QueryStates
      query={changes}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <EmptyState icon={<IconChecks size={24} aria-hidden />} title="Nothing to take over">
          The catalogue has every price of this release&apos;s list. Prices that somebody here set are left alone.
        </EmptyState>
      }
    >
      {({ source, items }) => <Changes source={source} items={items} onApplied={onApplied} />}
    </QueryStates>
  );
}

interface ChangesProps {
  readonly source: string;
  readonly items: readonly CatalogueChange[];
  readonly onApplied: () => void;
}

function Changes({ source, items, onApplied }: ChangesProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set());
  const [isApproved, setApproved] = useState(false);
  const [shown, setShown] = useState(shownAtOnce);
  const { refusals } = usePermissions();
  const apply = useApplyCatalogueChanges();
  const models = items.filter((change) => chosen.has(keyOf(change)));
  const toApprove = models.filter(needsALook).length;
  const choose = (change: CatalogueChange, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(keyOf(change));
    else next.delete(keyOf(change));
    setChosen(next);
  };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Prices of {source}. Taking one over adds a price version from now on; calls under way keep theirs, and prices
        that somebody here set are left alone.
      </Text>
      <Checkbox
        label={`All ${showCount(items.length)} models`}
        checked={chosen.size === items.length}
        indeterminate={chosen.size > 0 && chosen.size < items.length}
        onChange={(event) => setChosen(new Set(event.currentTarget.checked ? items.map(keyOf) : []))}
      />
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {items.slice(0, shown).map((change) => (
          <li key={keyOf(change)}>
            <Change change={change} isChosen={chosen.has(keyOf(change))} onChoose={choose} />
          </li>
        ))}
      </Stack>
      {shown < items.length && (
        <Button variant="default" onClick={() => setShown(shown + shownAtOnce)}>
          Show more ({showCount(items.length - shown)})
        </Button>
      )}
      {toApprove > 0 && (
        <Switch
          label={`I have looked at the ${showCount(toApprove)} that change by more than 20 % or in kind`}
          checked={isApproved}
          onChange={(event) => setApproved(event.currentTarget.checked)}
        />
      )}
      {apply.error && <Failure error={apply.error} />}
      <Group justify="flex-end">
        <GuardedButton
          refusal={refusals.money}
          loading={apply.isPending}
          disabled={models.length === 0 || (toApprove > 0 && !isApproved)}
          onClick={() =>
            apply.mutate(
              {
                models: models.map(({ providerKind, providerModel }) => ({ providerKind, providerModel })),
                approved: isApproved,
              },
              {
                onSuccess: ({ added, repriced }) => {
                  notifyDone(`${showCount(added)} models added, ${showCount(repriced)} repriced.`);
                  onApplied();
                },
              },
            )
          }
        >
          Take over {showCount(models.length)}
        </GuardedButton>
      </Group>
    </Stack>
  );
}

interface ChangeProps {
  readonly change: CatalogueChange;
  readonly isChosen: boolean;
  readonly onChoose: (change: CatalogueChange, isChosen: boolean) => void;
}

function Change({ change, isChosen, onChoose }: ChangeProps) {
  return (
    <Checkbox
      checked={isChosen}
      onChange={(event) => onChoose(change, event.currentTarget.checked)}
      label={
        <Stack gap={2}>
          <Group gap="xs">
            <Text inherit fw={500} style={{ overflowWrap: "anywhere" }}>
              {change.providerModel}
            </Text>
            <Text inherit c="dimmed">
              {change.providerKind}
            </Text>
            <Badge variant="light" color={change.kind === "new" ? "blue" : "gray"}>
              {change.kind === "new" ? "New" : "Changed"}
            </Badge>
            {needsALook(change) && (
              <Badge variant="light" color="orange">
                Look closely
              </Badge>
            )}
          </Group>
          {change.lines.map((line) => (
            <Text key={`${line.meter} ${conditionOf(line)}`} size="xs" c="dimmed">
              {describeLine(line)}
            </Text>
          ))}
        </Stack>
      }
    />
  );
}

/** A model that is new changes nobody's bill. */
function needsALook({ kind, needsApproval }: CatalogueChange): boolean {
  return kind === "changed" && needsApproval;
}

function describeLine(line: CatalogueChange["lines"][number]): string {
  const { meter, beforeUsd, afterUsd, changePercent } = line;
  const condition = conditionOf(line);
  const amount = (usd: string | null): string => (usd === null ? "none" : showPriceAmount(usd, 1, meter));
  const percent = changePercent === null ? "" : ` (${changePercent > 0 ? "+" : ""}${changePercent.toFixed(1)} %)`;
  const what = condition === "" ? nameOfMeter(meter) : `${nameOfMeter(meter)}, ${condition}`;
  return `${what}: ${amount(beforeUsd)} → ${amount(afterUsd)} / ${showPriceUnit(meter)}${percent}`;
}

function keyOf({ providerKind, providerModel }: CatalogueChange): string {
  return `${providerKind} ${providerModel}`;
}
