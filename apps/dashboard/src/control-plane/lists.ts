/** Lists that are short by nature and needed whole, to choose from and to name what an id stands for. */
import { projectOperations, type Project } from "@switchyard/api-contract/projects";
import { providerConnectionOperations, type ProviderConnection } from "@switchyard/api-contract/provider-connections";
import { routeOperations, type Route } from "@switchyard/api-contract/routes";
import { teamOperations, type Team } from "@switchyard/api-contract/teams";
import { queryOptions } from "@tanstack/react-query";
import { everyPage } from "./every-page.ts";

export const teamsQuery = queryOptions({
  queryKey: ["teams", "all"],
  queryFn: ({ signal }) => everyPage<Team>(teamOperations.list, {}, signal),
});

export const projectsQuery = queryOptions({
  queryKey: ["projects", "all"],
  queryFn: ({ signal }) => everyPage<Project>(projectOperations.list, {}, signal),
});

export const routesQuery = queryOptions({
  queryKey: ["routes"],
  queryFn: ({ signal }) => everyPage<Route>(routeOperations.list, {}, signal),
});

export const connectionsQuery = queryOptions({
  queryKey: ["provider-connections", "all"],
  queryFn: ({ signal }) => everyPage<ProviderConnection>(providerConnectionOperations.list, {}, signal),
});
