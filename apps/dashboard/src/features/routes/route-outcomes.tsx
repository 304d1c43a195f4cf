"use client";
import { Stack, Text } from "@mantine/core";
import { type RouteOutcomes as Outcomes, type TargetOutcomes } from "@switchyard/api-contract/route-outcomes";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Money } from "../../ui/money.tsx";
import { showCount, showDuration, showShare, showUsd } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { RangePicker } from "../../ui/range-picker.tsx";
import { Section } from "../../ui/section.tsx";
import { useTimeRange } from "../../ui/time-range.ts";
import { routeOutcomesQuery } from "./queries.ts";

/** What a success cost on a route, and how its targets did at each kind of task; from the roll-ups alone. */
export function RouteOutcomes({ routeId }: { routeId: string }) {
  const { range, choosePreset, chooseCustom } = useTimeRange("7d");
  const outcomes = useQuery(routeOutcomesQuery(routeId, range));
  return (
    <Section
      title="Outcomes"
      description="A success is an answer that came, passed the route's checks, was not refused, and got no score below 0."
    >
      <RangePicker range={range} choosePreset={choosePreset} chooseCustom={chooseCustom} />
      <QueryStates
        query={outcomes}
        skeletonRows={3}
        isEmpty={({ calls, targets }) => calls === 0 && targets.length === 0}
        empty={
          <Text size="sm" c="dimmed">
            No calls in this period. What comes of a call shows up here a few seconds after it ended.
          </Text>
        }
      >
        {(data) => (
          <Stack gap="md">
            <Headline outcomes={data} />
            <DataTable
              label="Outcomes by kind of task and target"
              columns={columns}
              rows={data.targets}
              keyOf={({ taskClass, connectionId, modelId }) => `${taskClass} ${connectionId} ${modelId}`}
            />
          </Stack>
        )}
      </QueryStates>
    </Section>
  );
}

function Headline({ outcomes }: { outcomes: Outcomes }) {
  const {
    calls,
    successes,
    costUsd,
    costPerSuccessUsd,
    costPerSuccessInterval: interval,
    escalated,
    rescued,
  } = outcomes;
  return (
    <Facts
      facts={[
        {
          name: "Cost per success",
          value: (
            <>
              <Text span fw={600} size="lg">
                {costPerSuccessUsd === null ? "–" : <Money usd={costPerSuccessUsd} />}
              </Text>
              <Text size="xs" c="dimmed">
                {interval === null
                  ? "too few calls for an interval"
                  : `${showUsd(interval.lowUsd)} to ${showUsd(interval.highUsd)} at 95 %`}
              </Text>
            </>
          ),
        },
        { name: "Succeeded", value: <Share part={successes} whole={calls} of="calls" /> },
        ...(escalated === 0
          ? []
          : [{ name: "Rescued by a higher tier", value: <Share part={rescued} whole={escalated} of="escalated" /> }]),
        {
          name: "Spent",
          value: (
            <Text span fw={600} size="lg">
              <Money usd={costUsd} />
            </Text>
          ),
        },
      ]}
    />
  );
}

function Share({ part, whole, of }: { part: number; whole: number; of: string }) {
  return (
    <>
      <Text span fw={600} size="lg">
        {showShare(part, whole)}
      </Text>
      <Text size="xs" c="dimmed">
        {showCount(part)} of {showCount(whole)} {of}
      </Text>
    </>
  );
}

const columns: readonly Column<TargetOutcomes>[] = [
  {
    header: "Target",
    truncateAt: 160,
    cell: ({ connectionName, connectionId, modelName, modelId }) => (
      <div>
        <Text inherit fw={500} truncate>
          {modelName ?? modelId}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {connectionName ?? connectionId}
        </Text>
      </div>
    ),
  },
  { header: "Task", cell: ({ taskClass }) => (taskClass === "unknown" ? "–" : taskClass) },
  {
    header: "Succeeded",
    align: "right",
    onPhone: "heading",
    cell: ({ successes, answers }) => (
      <>
        {showShare(successes, answers)}{" "}
        <Text span size="xs" c="dimmed">
          of {showCount(answers)}
        </Text>
      </>
    ),
  },
  {
    header: "Refused / invalid",
    align: "right",
    cell: ({ refused, invalid }) => `${showCount(refused)} / ${showCount(invalid)}`,
  },
  { header: "Score", align: "right", cell: ({ meanScore }) => (meanScore === null ? "–" : meanScore.toFixed(2)) },
  { header: "Time", align: "right", cell: ({ meanAnswerMs }) => showDuration(meanAnswerMs) },
  { header: "Cost", align: "right", cell: ({ costUsd }) => <Money usd={costUsd} /> },
];
