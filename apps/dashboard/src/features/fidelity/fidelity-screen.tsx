"use client";
import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { FidelityRun } from "@switchyard/api-contract/fidelity";
import { IconGitCompare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { usePermissions } from "../../session/session-gate.tsx";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { Moment } from "../../ui/moment.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { StateLabel } from "../../ui/state-label.tsx";
import { FidelityVerdict } from "./fidelity-verdict.tsx";
import { fidelityRunsQuery } from "./queries.ts";
import { RunReport } from "./run-report.tsx";
import { StartForm } from "./start-form.tsx";

export function FidelityScreen() {
  const runs = useQuery(fidelityRunsQuery);
  const [selected, setSelected] = useQueryState("run", parseAsString.withOptions({ history: "push" }));
  const [isStarting, { open, close }] = useDisclosure();
  const { refusals } = usePermissions();
  const shown = runs.data?.find(({ id }) => id === selected) ?? null;
  const start = (
    <GuardedButton leftSection={<IconGitCompare size={16} aria-hidden />} refusal={refusals.policy} onClick={open}>
      Check fidelity
    </GuardedButton>
  );
  return (
    <Page
      title="Fidelity"
      description="Whether a call through the gateway says the same as a direct one. The last twenty runs since the control plane started."
      actions={start}
    >
      <QueryStates
        query={runs}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState icon={<IconGitCompare size={24} aria-hidden />} title="Nothing compared yet" action={start}>
            A run sends the same calls to a provider directly and through the gateway, and shows what differs.
          </EmptyState>
        }
      >
        {(data) => (
          <DataTable
            label="Fidelity runs"
            columns={columns}
            rows={data}
            keyOf={({ id }) => id}
            opens={{
              href: ({ id }) => `/fidelity?run=${id}`,
              onOpen: ({ id }) => void setSelected(id),
              openKey: selected,
            }}
          />
        )}
      </QueryStates>
      <Drawer
        opened={shown !== null}
        onClose={() => void setSelected(null)}
        size={980}
        title={shown && `${shown.routeName}: ${shown.model} at ${shown.connectionName}`}
      >
        {shown && <RunReport run={shown} />}
      </Drawer>
      <StartForm
        opened={isStarting}
        onClose={close}
        onStarted={(id) => {
          close();
          void setSelected(id);
        }}
      />
    </Page>
  );
}

const columns: readonly Column<FidelityRun>[] = [
  { header: "Route", truncateAt: 240, cell: ({ routeName }) => routeName },
  { header: "Result", onPhone: "heading", cell: (run) => <Result run={run} /> },
  { header: "Model", truncateAt: 240, cell: ({ model }) => model },
  { header: "Connection", truncateAt: 200, cell: ({ connectionName }) => connectionName },
  { header: "Cases", align: "right", cell: ({ cases, caseCount }) => `${cases.length} of ${caseCount}` },
  { header: "Started", cell: ({ startedAt }) => <Moment iso={startedAt} /> },
  { header: "By", truncateAt: 160, cell: ({ startedBy }) => startedBy },
];

function Result({ run }: { run: FidelityRun }) {
  if (run.verdict !== null) return <FidelityVerdict verdict={run.verdict} />;
  return run.state === "failed" ? (
    <StateLabel tone="bad">Not finished</StateLabel>
  ) : (
    <StateLabel tone="busy">Running</StateLabel>
  );
}
