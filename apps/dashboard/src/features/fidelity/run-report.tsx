"use client";
import { Alert, Code, Progress, Stack, Text } from "@mantine/core";
import type { FidelityCase, FidelityRun } from "@switchyard/api-contract/fidelity";
import { type Column, DataTable } from "../../ui/data-table.tsx";
import { Section } from "../../ui/section.tsx";
import { FidelityVerdict } from "./fidelity-verdict.tsx";

const sides = ["request", "passage", "answer"] as const;
const sideNames = { request: "Request", passage: "Passage", answer: "Answer" } as const;

type Side = (typeof sides)[number];

interface Place extends Pick<FidelityCase, "title"> {
  readonly side: Side;
  readonly difference: FidelityCase[Side]["differences"][number];
}

/** The cases of a run as far as they are done, and below them what differs where. */
export function RunReport({ run }: { run: FidelityRun }) {
  const places = run.cases.flatMap(placesOf);
  const unexplained = places.filter(({ difference }) => difference.reason === null);
  const explained = places.filter(({ difference }) => difference.reason !== null);
  return (
    <Stack gap="lg">
      <div aria-live="polite">
        {run.state === "running" && (
          <Stack gap={4}>
            <Text size="sm">
              {run.cases.length} of {run.caseCount} cases compared
            </Text>
            <Progress value={(100 * run.cases.length) / run.caseCount} aria-label="Cases compared" animated />
          </Stack>
        )}
        {run.state === "failed" && (
          <Alert color="red" title="The run was not finished">
            {run.message}
          </Alert>
        )}
      </div>
      {run.cases.length > 0 && (
        <DataTable label="Cases" columns={caseColumns} rows={run.cases} keyOf={({ name }) => name} />
      )}
      {unexplained.length > 0 && (
        <Section title="Differences" description="Nothing accounts for these.">
          <DifferenceTable label="Differences" places={unexplained} withReason={false} />
        </Section>
      )}
      {explained.length > 0 && (
        <Section title="Differences with a reason" description="As it should be; shown so that nothing is hidden.">
          <DifferenceTable label="Differences with a reason" places={explained} withReason />
        </Section>
      )}
      <Text size="xs" c="dimmed">
        Requests are compared as the gateway&apos;s codec writes them: nobody can look between a gateway and its
        provider from here, which is also why the passage of an answer is not observed. The command “npm run fidelity”
        looks there.
      </Text>
    </Stack>
  );
}

const caseColumns: readonly Column<FidelityCase>[] = [
  { header: "Case", cell: ({ title }) => title },
  ...sides.map((side): Column<FidelityCase> => ({
    header: sideNames[side],
    cell: (each) => <FidelityVerdict verdict={each[side].verdict} />,
  })),
  { header: "Verdict", onPhone: "heading", cell: ({ verdict }) => <FidelityVerdict verdict={verdict} /> },
];

function DifferenceTable({
  label,
  places,
  withReason,
}: {
  label: string;
  places: readonly Place[];
  withReason: boolean;
}) {
  const columns = withReason ? [...placeColumns, reasonColumn] : placeColumns;
  return <DataTable label={label} columns={columns} rows={places} keyOf={keyOfPlace} />;
}

const placeColumns: readonly Column<Place>[] = [
  { header: "Case", cell: ({ title, side }) => `${title}, ${sideNames[side].toLowerCase()}` },
  { header: "Where", cell: ({ difference }) => <Code>{difference.pointer || "whole body"}</Code> },
  { header: "Gateway", truncateAt: 280, cell: ({ difference }) => difference.ours ?? "–" },
  { header: "Direct", truncateAt: 280, cell: ({ difference }) => difference.theirs ?? "–" },
];

const reasonColumn: Column<Place> = { header: "Reason", cell: ({ difference }) => difference.reason };

function placesOf(each: FidelityCase): Place[] {
  return sides.flatMap((side) => each[side].differences.map((difference) => ({ title: each.title, side, difference })));
}

function keyOfPlace({ title, side, difference }: Place): string {
  return `${title} ${side} ${difference.pointer}`;
}
