"use client";
import { useQuery } from "@tanstack/react-query";
import { connectionsQuery, projectsQuery, routesQuery, teamsQuery } from "../control-plane/lists.ts";
import { FilterChip } from "../ui/filter-chip.tsx";
import { callFilterKeys, callFilterLabels, type CallFilters } from "./call-filters.ts";
import { modelNameQuery } from "./model-select.tsx";
import { virtualKeyNameQuery } from "./virtual-key-select.tsx";

/** The filters that are set, by name, each with the way to drop it. */
export function CallFilterChips({
  filters,
  onChange,
}: {
  filters: CallFilters;
  onChange: (change: Partial<CallFilters>) => void;
}) {
  const names = useFilterNames(filters);
  return callFilterKeys.flatMap((key) => {
    const value = filters[key];
    if (value === null) return [];
    return (
      <FilterChip
        key={key}
        label={callFilterLabels[key]}
        value={names[key] ?? value}
        onRemove={() => onChange({ [key]: null })}
      />
    );
  });
}

function useFilterNames(filters: CallFilters): { readonly [key in keyof CallFilters]?: string | undefined } {
  const teams = useQuery({ ...teamsQuery, enabled: filters.teamId !== null });
  const projects = useQuery({ ...projectsQuery, enabled: filters.projectId !== null });
  const routes = useQuery({ ...routesQuery, enabled: filters.routeId !== null });
  const connections = useQuery({ ...connectionsQuery, enabled: filters.connectionId !== null });
  const key = useQuery(virtualKeyNameQuery(filters.virtualKeyId));
  const model = useQuery(modelNameQuery(filters.modelId));
  const nameIn = (items: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    items?.find((item) => item.id === id)?.name;
  return {
    teamId: nameIn(teams.data, filters.teamId),
    projectId: nameIn(projects.data, filters.projectId),
    routeId: nameIn(routes.data, filters.routeId),
    connectionId: nameIn(connections.data, filters.connectionId),
    virtualKeyId: key.data,
    modelId: model.data,
  };
}
