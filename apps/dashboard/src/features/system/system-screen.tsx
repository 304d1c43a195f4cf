"use client";
import { Alert, Text } from "@mantine/core";
import type { System } from "@switchyard/api-contract/system";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showBytes, showCount } from "../../ui/quantities.ts";
import { Section } from "../../ui/section.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { systemQuery } from "./queries.ts";
import classes from "./system.module.css";

type Gateway = System["gateways"][number];
type Queue = System["queues"][number];

const queueColumns: readonly Column<Queue>[] = [
  {
    header: "Queue",
    cell: ({ queue }) => (
      <Text inherit fw={500}>
        {queue}
      </Text>
    ),
  },
  { header: "Waiting", align: "right", cell: ({ waiting }) => showCount(waiting) },
  { header: "Scheduled", align: "right", cell: ({ scheduled }) => showCount(scheduled) },
  { header: "Active", align: "right", cell: ({ active }) => showCount(active) },
  {
    header: "Failed",
    align: "right",
    cell: ({ failed }) => (failed === 0 ? "0" : <StateLabel tone="bad">{showCount(failed)}</StateLabel>),
  },
];

export function SystemScreen() {
  const system = useQuery(systemQuery);
  return (
    <Page title="System" description="What runs, which policy it runs, and how far behind the ledger is.">
      <QueryStates query={system}>{(data) => <SystemState system={data} />}</QueryStates>
    </Page>
  );
}

function SystemState({ system }: { system: System }) {
  const live = system.gateways.filter(({ isLive }) => isLive);
  const refusing = system.gateways.filter(({ policyProblem, isLive }) => isLive && policyProblem !== null);
  return (
    <>
      {refusing.map((gateway) => (
        <RefusedPolicy key={gateway.gatewayId} gateway={gateway} />
      ))}
      <Facts
        facts={[
          { name: "Version", value: system.version },
          { name: "Policy revision", value: system.policyRevision },
          { name: "Gateway processes", value: `${live.length} live` },
          { name: "Roll-ups", value: <RollUpState rollUps={system.rollUps} /> },
          { name: "Ledger written", value: <Moment iso={system.lastIngestedAt} never="Not yet" /> },
          { name: "Database size", value: showBytes(BigInt(system.databaseBytes)) },
        ]}
      />
      {system.rollUps.differing.length > 0 && (
        <Section
          title="Roll-ups that differ"
          description="Found when a day that is over was compared with its rows. What is not repaired by itself needs somebody to look."
        >
          <DataTable
            label="Roll-ups that differ"
            columns={differenceColumns}
            rows={system.rollUps.differing}
            keyOf={({ day }) => day}
          />
        </Section>
      )}
      <Section title="Gateway processes">
        {system.gateways.length === 0 ? (
          <Text size="sm" c="dimmed">
            No gateway has reported in yet.
          </Text>
        ) : (
          <DataTable
            label="Gateway processes"
            columns={gatewayColumns(system.policyRevision)}
            rows={system.gateways}
            keyOf={({ gatewayId }) => gatewayId}
          />
        )}
      </Section>
      <Section title="Queues" description="Background work of the worker.">
        <DataTable label="Queues" columns={queueColumns} rows={system.queues} keyOf={({ queue }) => queue} />
      </Section>
    </>
  );
}

type DifferingDay = System["rollUps"]["differing"][number];

const differenceColumns: readonly Column<DifferingDay>[] = [
  { header: "Day (UTC)", cell: ({ day }) => day },
  {
    header: "What differs",
    cell: ({ differences }) =>
      differences
        .map(({ rollUp, differing, repaired }) => `${rollUp}: ${showCount(differing)}${repaired ? ", repaired" : ""}`)
        .join("; "),
  },
  { header: "Looked at", cell: ({ checkedAt }) => <Moment iso={checkedAt} /> },
];

/** Whether reports can be believed: every day that is over is compared with its rows, in turn. */
function RollUpState({ rollUps: { daysChecked, differing, lastCheckedAt } }: { rollUps: System["rollUps"] }) {
  if (daysChecked === 0) return "No day is over yet";
  const days = `${showCount(daysChecked)} ${daysChecked === 1 ? "day" : "days"}`;
  return (
    <>
      <StateLabel tone={differing.length === 0 ? "good" : "bad"}>
        {differing.length === 0 ? `${days} as their rows` : `${differing.length} of ${days} differ`}
      </StateLabel>{" "}
      <Moment iso={lastCheckedAt} />
    </>
  );
}

function RefusedPolicy({ gateway: { gatewayId, policyRevision, policyProblem } }: { gateway: Gateway }) {
  const goesOn =
    policyRevision === null
      ? "It has no policy to go on with, and answers no calls."
      : `It goes on with the last good one, revision ${policyRevision}.`;
  return (
    <Alert color="red" role="alert" title={`${gatewayId} refuses policy revision ${policyProblem?.revision}`}>
      <Text size="sm" className={classes.problem}>
        {policyProblem?.message}
      </Text>
      <Text size="sm" mt={4}>
        {goesOn} Publishing any change gives it a sound revision.
      </Text>
    </Alert>
  );
}

const gatewayColumns = (currentRevision: number): readonly Column<Gateway>[] => [
  {
    header: "Process",
    cell: ({ gatewayId }) => (
      <Text inherit fw={500}>
        {gatewayId}
      </Text>
    ),
  },
  {
    header: "State",
    onPhone: "heading",
    cell: (gateway) => <GatewayState gateway={gateway} currentRevision={currentRevision} />,
  },
  { header: "Region", cell: ({ region }) => region ?? "–" },
  { header: "Revision", align: "right", cell: ({ policyRevision }) => policyRevision ?? "–" },
  { header: "Started", cell: ({ startedAt }) => <Moment iso={startedAt} /> },
  { header: "Last heard of", cell: ({ heartbeatAt }) => <Moment iso={heartbeatAt} /> },
];

function GatewayState({ gateway, currentRevision }: { gateway: Gateway; currentRevision: number }) {
  if (!gateway.isLive) return <StateLabel tone="idle">Gone</StateLabel>;
  if (gateway.policyProblem !== null) return <StateLabel tone="bad">Refuses policy</StateLabel>;
  if (gateway.policyRevision !== currentRevision) return <StateLabel tone="busy">Catching up</StateLabel>;
  return <StateLabel tone="good">Live</StateLabel>;
}
