import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { reportOperations } from "@switchyard/api-contract/reports";
import { routeOperations } from "@switchyard/api-contract/routes";
import { teamOperations } from "@switchyard/api-contract/teams";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export interface OverviewSelection {
  readonly from: string;
  readonly to: string;
  readonly teamId: string | null;
  readonly routeId: string | null;
  readonly connectionId: string | null;
  readonly breakdown: "route" | "provider";
}

export const overviewQuery = (selection: OverviewSelection) =>
  queryOptions({
    queryKey: ["reports", "overview", selection],
    queryFn: async ({ signal }) =>
      (
        await callOperation(reportOperations.overview, {
          signal,
          query: {
            from: selection.from,
            to: selection.to,
            breakdown: selection.breakdown,
            compare: "true",
            ...(selection.teamId ? { teamId: selection.teamId } : {}),
            ...(selection.routeId ? { routeId: selection.routeId } : {}),
            ...(selection.connectionId ? { connectionId: selection.connectionId } : {}),
          },
        })
      ).data,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** The names that the filters offer. */
export const overviewFiltersQuery = queryOptions({
  queryKey: ["overview", "filters"],
  queryFn: async ({ signal }) => {
    const [teams, routes, connections] = await Promise.all([
      callOperation(teamOperations.list, { signal, query: { limit: 200 } }),
      callOperation(routeOperations.list, { signal, query: { limit: 200 } }),
      callOperation(providerConnectionOperations.list, { signal, query: { limit: 200 } }),
    ]);
    const optionsOf = (items: readonly { id: string; name: string }[]) =>
      items.map(({ id, name }) => ({ value: id, label: name }));
    return {
      teams: optionsOf(teams.data.items),
      routes: optionsOf(routes.data.items),
      connections: optionsOf(connections.data.items),
    };
  },
  staleTime: 60_000,
});
