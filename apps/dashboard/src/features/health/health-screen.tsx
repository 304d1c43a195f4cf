"use client";
import { Text } from "@mantine/core";
import type { TargetHealth } from "@switchyard/api-contract/health-map";
import { IconHeartbeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { showCount, showDuration, showShare } from "../../ui/quantities.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { DrainSwitch } from "../providers/drain-switch.tsx";
import { healthMapQuery } from "./queries.ts";

const mostClasses = 3;

export function HealthScreen() {
  const targets = useQuery(healthMapQuery);
  return (
    <Page
      title="Health"
      description="How providers do by model and region, as all gateways that report in see them: calls and failures of the last five minutes, times of recent calls."
    >
      <QueryStates
        query={targets}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconHeartbeat size={24} aria-hidden />} title="No calls yet">
            A target shows up here a few seconds after its first call, and for as long as the gateway that made it runs.
          </EmptyState>
        }
      >
        {(data) => (
          <DataTable
            label="Health of targets"
            columns={columns}
            rows={data}
            keyOf={({ connectionId, modelId, gatewayRegion }) => `${connectionId} ${modelId} ${gatewayRegion}`}
          />
        )}
      </QueryStates>
    </Page>
  );
}

const columns: readonly Column<TargetHealth>[] = [
  {
    header: "Target",
    truncateAt: 230,
    cell: ({ connectionName, modelName }) => (
      <Text inherit fw={500} truncate>
        {connectionName} / {modelName}
      </Text>
    ),
  },
  { header: "State", onPhone: "heading", cell: (target) => <TargetState target={target} /> },
  { header: "Region", cell: (target) => <Regions target={target} /> },
  { header: "Calls", align: "right", cell: ({ calls }) => showCount(calls) },
  { header: "Failures", truncateAt: 200, cell: (target) => <Failures target={target} /> },
  { header: "First token p50 / p99", align: "right", cell: ({ firstTokenMs }) => showQuantiles(firstTokenMs) },
  { header: "Answer p50 / p99", align: "right", cell: ({ wholeAnswerMs }) => showQuantiles(wholeAnswerMs) },
  { header: "Last call", cell: (target) => <LastHeard target={target} /> },
  {
    header: "Service",
    align: "right",
    cell: ({ connectionId, connectionName, drained }) => (
      <DrainSwitch connection={{ id: connectionId, name: connectionName, drained }} />
    ),
  },
];

const probeWords: Readonly<Record<NonNullable<TargetHealth["lastProbe"]>["outcome"], string>> = {
  reachable: "reachable",
  unreachable: "not reachable",
  timeout: "no answer in time",
  credential_rejected: "credential refused",
  failing: "answered with an error",
};

function LastHeard({ target: { lastCallAt, lastProbe } }: { target: TargetHealth }) {
  return (
    <>
      <Moment iso={lastCallAt} />
      {lastProbe !== null && (
        <Text size="xs" c={lastProbe.outcome === "reachable" ? "dimmed" : "yellow"}>
          Probed <Moment iso={lastProbe.at} />: {probeWords[lastProbe.outcome]}
        </Text>
      )}
    </>
  );
}

function Regions({ target: { connectionRegion, gatewayRegion } }: { target: TargetHealth }) {
  return (
    <Text span inherit style={{ whiteSpace: "nowrap" }}>
      {connectionRegion ?? "–"}
      {gatewayRegion !== null && (
        <Text span size="xs" c="dimmed">
          {` from ${gatewayRegion}`}
        </Text>
      )}
    </Text>
  );
}

function showQuantiles(quantiles: TargetHealth["firstTokenMs"]): string {
  return quantiles === null ? "–" : `${showDuration(quantiles.p50)} / ${showDuration(quantiles.p99)}`;
}

function TargetState({ target: { drained, gateways } }: { target: TargetHealth }) {
  if (drained) return <StateLabel tone="warning">Drained</StateLabel>;
  const open = gateways.filter(({ circuit }) => circuit === "open").length;
  const onTrial = gateways.filter(({ circuit }) => circuit === "on_trial" || circuit === "half_open").length;
  const of = gateways.length === 1 ? "" : ` at ${open > 0 ? open : onTrial} of ${gateways.length} gateways`;
  if (open > 0) return <StateLabel tone="bad">{`Circuit open${of}`}</StateLabel>;
  if (onTrial > 0) return <StateLabel tone="busy">{`On trial${of}`}</StateLabel>;
  return <StateLabel tone="good">Takes calls</StateLabel>;
}

function Failures({ target: { calls, failures } }: { target: TargetHealth }) {
  if (failures.length === 0) return calls === 0 ? "–" : "none";
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  const named = failures.slice(0, mostClasses).map(({ failureClass, count }) => {
    return `${failureClass.replaceAll("_", " ")} ${showCount(count)}`;
  });
  const others = failures.length > mostClasses ? ", …" : "";
  return (
    <>
      {showShare(failed, calls)}{" "}
      <Text span size="xs" c="dimmed">
        {named.join(", ")}
        {others}
      </Text>
    </>
  );
}
