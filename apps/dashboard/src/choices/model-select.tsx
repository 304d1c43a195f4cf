"use client";
import { modelOperations } from "@switchyard/api-contract/models";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { callOperation } from "../control-plane/call-operation.ts";
import { RemoteSelect } from "../ui/remote-select.tsx";
import type { RemoteChoiceProps } from "./remote-choice.ts";

const searchQuery = (search: string) =>
  queryOptions({
    queryKey: ["models", "search", search],
    queryFn: async ({ signal }) => {
      const query = { limit: 50, ...(search === "" ? { inUse: "true" } : { search }) };
      return (await callOperation(modelOperations.list, { signal, query })).data.items;
    },
    placeholderData: keepPreviousData,
  });

export const modelNameQuery = (id: string | null) =>
  queryOptions({
    queryKey: ["models", "name", id],
    queryFn: async ({ signal }) =>
      (await callOperation(modelOperations.get, { signal, params: { id: id ?? "" } })).data.providerModel,
    enabled: id !== null,
    staleTime: 300_000,
  });

/** One model of the catalogue; before anything is typed, those that routes use. */
export function ModelSelect({ value, onChange, ...select }: RemoteChoiceProps) {
  const [search, setSearch] = useState("");
  const found = useQuery(searchQuery(search));
  const name = useQuery(modelNameQuery(value));
  return (
    <RemoteSelect
      {...select}
      value={value}
      onChange={onChange}
      chosen={value !== null && name.data ? { value, label: name.data } : undefined}
      found={found.data?.map(({ id, providerModel }) => ({ value: id, label: providerModel })) ?? []}
      isSearching={found.isFetching}
      onSearch={setSearch}
    />
  );
}
