"use client";
import { Button, Group, Select, Stack, Switch, TagsInput } from "@mantine/core";
import type { ReportSchedule } from "@switchyard/api-contract/monthly-reports";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../ui/failure.tsx";
import { notifyDone } from "../../ui/notify.ts";
import { QueryStates } from "../../ui/query-states.tsx";
import { useSetReportSchedule } from "./mutations.ts";
import { reportScheduleQuery } from "./queries.ts";

const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** When reports are made by themselves, and who is sent them. */
export function ScheduleForm({ onDone }: { onDone: () => void }) {
  const schedule = useQuery(reportScheduleQuery);
  return (
    <QueryStates query={schedule} skeletonRows={4}>
      {(data) => <Fields present={data} onDone={onDone} />}
    </QueryStates>
  );
}

function Fields({ present, onDone }: { present: ReportSchedule; onDone: () => void }) {
  const [schedule, setSchedule] = useState(present);
  const set = useSetReportSchedule();
  const change = (fields: Partial<ReportSchedule>) => setSchedule({ ...schedule, ...fields });
  const wrong = schedule.mailTo.filter((text) => !address.test(text));
  const save = () =>
    set.mutate(schedule, {
      onSuccess: () => {
        notifyDone("The schedule is saved.");
        onDone();
      },
    });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (wrong.length === 0) save();
      }}
    >
      <Stack>
        <Switch
          label="Make a report of each team every month"
          description="An hour into the first of the next month."
          checked={schedule.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <Select
          label="Time zone"
          description="Where months and days begin; reports that are made keep theirs."
          data={zones}
          value={schedule.timeZone}
          onChange={(timeZone) => timeZone !== null && change({ timeZone })}
          allowDeselect={false}
          searchable
        />
        <TagsInput
          label="Send by e-mail to"
          description="Through the mail server that alerts go through; nobody where none is set up."
          placeholder={schedule.mailTo.length === 0 ? "finance@example.com" : ""}
          value={schedule.mailTo}
          onChange={(mailTo) => change({ mailTo })}
          error={wrong.length === 0 ? null : `${wrong.join(", ")} is no address`}
          splitChars={[",", " ", ";"]}
          acceptValueOnBlur
        />
        <Switch
          label="Tell the webhooks of alerts"
          checked={schedule.postsToWebhooks}
          onChange={(event) => change({ postsToWebhooks: event.currentTarget.checked })}
        />
        {set.error && <Failure error={set.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={set.isPending} disabled={wrong.length > 0}>
            Save schedule
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
