"use client";
import { virtualKeyOperations, type VirtualKey } from "@switchyard/api-contract/virtual-keys";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { callOperation } from "../control-plane/call-operation.ts";
import { RemoteSelect } from "../ui/remote-select.tsx";
import type { RemoteChoiceProps } from "./remote-choice.ts";

const searchQuery = (search: string) =>
  queryOptions({
    queryKey: ["virtual-keys", "search", search],
    queryFn: async ({ signal }) => {
      const query = { limit: 50, ...(search === "" ? {} : { search }) };
      return (await callOperation(virtualKeyOperations.list, { signal, query })).data.items;
    },
    placeholderData: keepPreviousData,
  });

export const virtualKeyNameQuery = (id: string | null) =>
  queryOptions({
    queryKey: ["virtual-keys", "name", id],
    queryFn: async ({ signal }) =>
      labelOf((await callOperation(virtualKeyOperations.get, { signal, params: { id: id ?? "" } })).data),
    enabled: id !== null,
    staleTime: 300_000,
  });

const labelOf = ({ name, projectName }: VirtualKey): string => `${name} (${projectName})`;

/** One virtual key, found by name. */
export function VirtualKeySelect({ value, onChange, ...select }: RemoteChoiceProps) {
  const [search, setSearch] = useState("");
  const found = useQuery(searchQuery(search));
  const name = useQuery(virtualKeyNameQuery(value));
  return (
    <RemoteSelect
      {...select}
      value={value}
      onChange={onChange}
      chosen={value !== null && name.data ? { value, label: name.data } : undefined}
      found={found.data?.map((key) => ({ value: key.id, label: labelOf(key) })) ?? []}
      isSearching={found.isFetching}
      onSearch={setSearch}
    />
  );
}
