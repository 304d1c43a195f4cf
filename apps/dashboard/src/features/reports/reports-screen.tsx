"use client";
import { Group, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCalendarCog, IconFileAnalytics } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { teamsQuery } from "../../control-plane/lists.ts";
import { usePermissions } from "../../session/session-gate.tsx";
import { FilterSelect } from "../../ui/filter-select.tsx";
import { GuardedButton } from "../../ui/guarded-button.tsx";
import { useListFilters } from "../../ui/list-filters.ts";
import { lastMonths } from "../../ui/months.ts";
import { Page } from "../../ui/page.tsx";
import { useCurrentMinute } from "../../ui/use-current-minute.ts";
import { MakeReportForm } from "./make-report-form.tsx";
import { ReportList } from "./report-list.tsx";
import { ReportView } from "./report-view.tsx";
import { ScheduleForm } from "./schedule-form.tsx";

const parsers = { teamId: parseAsString, month: parseAsString };
const monthsToChoose = 14;

/** A report where the address names one, else the list of them. */
export function ReportsScreen() {
  const [open, setOpen] = useQueryState("report", parseAsString.withOptions({ history: "push" }));
  return open === null ? (
    <Reports onOpen={(id) => void setOpen(id)} />
  ) : (
    <ReportView id={open} onClose={() => void setOpen(null)} />
  );
}

function Reports({ onOpen }: { onOpen: (id: string) => void }) {
  const nowMs = useCurrentMinute();
  const teams = useQuery(teamsQuery);
  const { filters, change, pager } = useListFilters(parsers);
  const { refusals } = usePermissions();
  const [isMaking, making] = useDisclosure();
  const [isScheduling, scheduling] = useDisclosure();
  return (
    <Page
      title="Reports"
      description="What each team's month came to. A report stands as it was made; when a month's figures change, it gets another version."
      actions={
        <>
          <GuardedButton
            size="xs"
            variant="default"
            leftSection={<IconCalendarCog size={14} aria-hidden />}
            refusal={refusals.money}
            onClick={scheduling.open}
          >
            Schedule
          </GuardedButton>
          <GuardedButton
            size="xs"
            leftSection={<IconFileAnalytics size={14} aria-hidden />}
            refusal={refusals.money}
            onClick={making.open}
          >
            Make it now
          </GuardedButton>
        </>
      }
    >
      <Group gap={10}>
        <FilterSelect
          label="Team"
          choices={teams.data?.map(({ id, name }) => ({ value: id, label: name }))}
          value={filters.teamId}
          onChange={(teamId) => change({ teamId })}
        />
        <FilterSelect
          label="Month"
          choices={lastMonths(nowMs, monthsToChoose)}
          value={filters.month}
          onChange={(month) => change({ month })}
        />
      </Group>
      <ReportList filters={filters} pager={pager} onOpen={onOpen} />
      <Modal opened={isMaking} onClose={making.close} title="Make a report now">
        <MakeReportForm teamId={filters.teamId} month={filters.month} onDone={making.close} />
      </Modal>
      <Modal opened={isScheduling} onClose={scheduling.close} title="Monthly reports">
        <ScheduleForm onDone={scheduling.close} />
      </Modal>
    </Page>
  );
}
