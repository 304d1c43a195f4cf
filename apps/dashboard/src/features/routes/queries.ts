import { modelOperations, type Model } from "@switchyard/api-contract/models";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { projectOperations, type Project } from "@switchyard/api-contract/projects";
import { providerConnectionOperations, type ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { routeOutcomeOperations } from "@switchyard/api-contract/route-outcomes";
import { routeOperations, type Route } from "@switchyard/api-contract/routes";
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";
import { everyPage } from "../../control-plane/every-page.ts";

export const routesQuery = queryOptions({
  queryKey: ["routes"],
  queryFn: ({ signal }) => everyPage<Route>(routeOperations.list, {}, signal),
});

export const routeOutcomesQuery = (routeId: string, { from, to }: { readonly from: string; readonly to: string }) =>
  queryOptions({
    queryKey: ["routes", routeId, "outcomes", from, to],
    queryFn: async ({ signal }) =>
      (await callOperation(routeOutcomeOperations.get, { signal, params: { id: routeId }, query: { from, to } })).data,
    // The period moves on each minute: the figures before it stay until the new ones are there.
    placeholderData: keepPreviousData,
  });

export const connectionsQuery = queryOptions({
  queryKey: ["provider-connections", "all"],
  queryFn: ({ signal }) => everyPage<ProviderConnection>(providerConnectionOperations.list, {}, signal),
});

export const projectsQuery = queryOptions({
  queryKey: ["projects", "all"],
  queryFn: ({ signal }) => everyPage<Project>(projectOperations.list, {}, signal),
});

/** Models that a connection of this kind can serve, by what was typed. */
export const modelChoicesQuery = (providerKind: string | null, search: string) =>
  queryOptions({
    queryKey: ["models", "choices", providerKind, search],
    queryFn: async ({ signal }): Promise<Model[]> => {
      const query = { limit: 50, ...(providerKind ? { providerKind } : {}), ...(search ? { search } : {}) };
      return (await callOperation(modelOperations.list, { signal, query })).data.items;
    },
    enabled: providerKind !== null,
  });

export const modelNameQuery = (id: string | null) =>
  queryOptions({
    queryKey: ["models", "name", id],
    queryFn: async ({ signal }) =>
      (await callOperation(modelOperations.get, { signal, params: { id: id ?? "" } })).data.providerModel,
    enabled: id !== null,
  });

export const revisionsQuery = infiniteQueryOptions({
  queryKey: ["policy-revisions"],
  queryFn: async ({ signal, pageParam }) =>
    (
      await callOperation(policyRevisionOperations.list, {
        signal,
        query: { limit: 25, ...(pageParam === null ? {} : { cursor: pageParam }) },
      })
    ).data,
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
});

export const revisionDiffQuery = (number: number) =>
  queryOptions({
    queryKey: ["policy-revisions", number, "diff"],
    queryFn: async ({ signal }) =>
      (await callOperation(policyRevisionOperations.diff, { signal, params: { number }, query: {} })).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
