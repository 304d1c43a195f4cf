"use client";
import { Group, SegmentedControl, Select } from "@mantine/core";
import { parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs";
import { CallFilterChips } from "../../choices/call-filter-chips.tsx";
import { CallFilterMenu } from "../../choices/call-filter-menu.tsx";
import { callFilterParsers, type CallFilters } from "../../choices/call-filters.ts";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { FindRequest } from "./find-request.tsx";
import { cacheResults, outcomes, type Outcome, type RequestSelection } from "./queries.ts";

export const requestFilterParsers = {
  ...callFilterParsers,
  session: parseAsString,
  outcome: parseAsStringLiteral(outcomes),
  status: parseAsInteger,
  cache: parseAsStringLiteral(cacheResults),
};

type Filters = CallFilters & Pick<RequestSelection, "session" | "outcome" | "status" | "cache">;

interface RequestFiltersProps {
  readonly filters: Filters;
  readonly onChange: (change: Partial<Filters>) => void;
  readonly onFind: (requestId: string) => void;
}

const outcomeChoices = [
  { value: "all", label: "All" },
  { value: "succeeded", label: "Succeeded" },
  { value: "failed", label: "Failed" },
  { value: "refused", label: "Declined" },
];

const cacheChoices = [
  { value: "hit", label: "Hit" },
  { value: "miss", label: "Miss" },
  { value: "bypass", label: "Not used" },
];

export function RequestFilters({ filters, onChange, onFind }: RequestFiltersProps) {
  const changeStatus = (text: string | null) =>
    onChange({ status: text !== null && /^\d{3}$/.test(text) ? Number(text) : null });
  return (
    <Group gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Outcome"
        data={outcomeChoices}
        value={filters.outcome ?? "all"}
        onChange={(value) => onChange({ outcome: value === "all" ? null : (value as Outcome) })}
      />
      <CallFilterMenu filters={filters} onChange={onChange}>
        <SearchField
          label="Session"
          placeholder="As sent in x-switchyard-session"
          value={filters.session}
          onSettle={(session) => onChange({ session })}
        />
        <SearchField
          label="HTTP status"
          placeholder="429"
          inputMode="numeric"
          value={filters.status === null ? null : `${filters.status}`}
          onSettle={changeStatus}
        />
        <Select
          size="xs"
          label="Response cache"
          placeholder="Any"
          data={cacheChoices}
          value={filters.cache}
          onChange={(cache) => onChange({ cache: cache as Filters["cache"] })}
          clearable
          comboboxProps={{ withinPortal: false }}
        />
      </CallFilterMenu>
      <CallFilterChips filters={filters} onChange={onChange} />
      {filters.session !== null && (
        <FilterChip label="Session" value={filters.session} onRemove={() => onChange({ session: null })} />
      )}
      {filters.status !== null && (
        <FilterChip label="Status" value={`${filters.status}`} onRemove={() => onChange({ status: null })} />
      )}
      {filters.cache !== null && (
        <FilterChip label="Cache" value={filters.cache} onRemove={() => onChange({ cache: null })} />
      )}
      <FindRequest onFind={onFind} />
    </Group>
  );
}
