"use client";
import { Group, MultiSelect, Select, TextInput } from "@mantine/core";
import type { Clause } from "@switchyard/policy-engine/conditions/condition";
import { dayNames, readMinute, showMinute, type TimeClause } from "./condition.ts";

interface TimeClauseFieldsProps {
  readonly clause: TimeClause;
  readonly position: number;
  readonly isReadOnly: boolean;
  readonly onChange: (clause: Clause) => void;
}

const timeZones = Intl.supportedValuesOf("timeZone");
const days = dayNames.map((label, index) => ({ value: String(index + 1), label }));

/** A window of the day in a zone, on some days of the week or on all. */
export function TimeClauseFields({ clause, position, isReadOnly, onChange }: TimeClauseFieldsProps) {
  const zones = timeZones.includes(clause.timeZone) ? timeZones : [clause.timeZone, ...timeZones];
  return (
    <Group gap={6} wrap="wrap">
      {(["fromMinute", "toMinute"] as const).map((end) => (
        <TextInput
          key={end}
          size="xs"
          type="time"
          aria-label={`Condition ${position}: ${end === "fromMinute" ? "from" : "until"}`}
          // A clock has no 24:00.
          value={showMinute(clause[end] % 1440)}
          onChange={(event) => {
            const minute = readMinute(event.currentTarget.value);
            if (minute !== null) onChange({ ...clause, [end]: end === "toMinute" && minute === 0 ? 1440 : minute });
          }}
          disabled={isReadOnly}
          w={92}
        />
      ))}
      <Select
        size="xs"
        aria-label={`Condition ${position}: time zone`}
        data={zones}
        value={clause.timeZone}
        onChange={(timeZone) => timeZone !== null && onChange({ ...clause, timeZone })}
        allowDeselect={false}
        searchable
        limit={60}
        disabled={isReadOnly}
        flex="1 1 130px"
      />
      <MultiSelect
        size="xs"
        aria-label={`Condition ${position}: days`}
        placeholder={clause.days === undefined ? "every day" : undefined}
        data={days}
        value={clause.days?.map(String) ?? []}
        onChange={(chosen) => {
          const { days: _, ...rest } = clause;
          onChange(chosen.length === 0 ? rest : { ...rest, days: chosen.map(Number).toSorted((a, b) => a - b) });
        }}
        disabled={isReadOnly}
        flex="1 1 140px"
      />
    </Group>
  );
}
