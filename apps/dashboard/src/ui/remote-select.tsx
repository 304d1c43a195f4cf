"use client";
import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import type { Choice } from "./filter-select.tsx";

interface RemoteSelectProps extends Omit<SelectProps, "data" | "searchable" | "filter" | "onSearchChange"> {
  /** What `value` stands for; undefined until it is known. */
  readonly chosen: Choice | undefined;
  readonly found: readonly Choice[];
  readonly isSearching: boolean;
  readonly onSearch: (text: string) => void;
}

/** A choice among more than can be loaded: the server searches by what is typed. */
export function RemoteSelect({ chosen, found, isSearching, onSearch, ...select }: RemoteSelectProps) {
  const search = useDebouncedCallback((text: string) => onSearch(text === chosen?.label ? "" : text), 200);
  const data = chosen && !found.some(({ value }) => value === chosen.value) ? [chosen, ...found] : [...found];
  return (
    <Select
      nothingFoundMessage={isSearching ? "Searching…" : "Nothing of that name"}
      {...select}
      data={data}
      searchable
      onSearchChange={search}
      // Filtering the server's answer again would hide what it matched by other fields.
      filter={({ options }) => options}
    />
  );
}
