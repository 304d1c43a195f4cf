"use client";
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { teamsQuery } from "../../control-plane/lists.ts";
import { Failure } from "../../ui/failure.tsx";
import { lastMonths, monthOf } from "../../ui/months.ts";
import { notifyDone } from "../../ui/notify.ts";
import { useCurrentMinute } from "../../ui/use-current-minute.ts";
import { useMakeReport } from "./mutations.ts";

const monthsToChoose = 14;

interface MakeReportFormProps {
  readonly teamId: string | null;
  readonly month: string | null;
  readonly onDone: () => void;
}

export function MakeReportForm({ onDone, ...chosen }: MakeReportFormProps) {
  const nowMs = useCurrentMinute();
  const teams = useQuery(teamsQuery);
  const [teamId, setTeam] = useState(chosen.teamId);
  const [month, setMonth] = useState(chosen.month ?? monthOf(nowMs));
  const make = useMakeReport();
  const whose = teamId ?? teams.data?.[0]?.id ?? null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whose === null) return;
        make.mutate(
          { teamId: whose, month },
          {
            onSuccess: (report) => {
              notifyDone(`The report of ${report.teamName} for ${report.month} is being made.`);
              onDone();
            },
          },
        );
      }}
    >
      <Stack>
        <Select
          label="Team"
          data={teams.data?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={whose}
          onChange={setTeam}
          allowDeselect={false}
          searchable
        />
        <Select
          label="Month"
          data={lastMonths(nowMs, monthsToChoose)}
          value={month}
          onChange={(value) => value !== null && setMonth(value)}
          allowDeselect={false}
        />
        <Text size="xs" c="dimmed">
          It becomes the next version of that month, and nobody is sent it. This month is reported up to the last full
          hour.
        </Text>
        {make.error && <Failure error={make.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending} disabled={whose === null}>
            Make report
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
