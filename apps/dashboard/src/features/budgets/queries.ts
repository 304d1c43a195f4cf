import { budgetOperations, rateLimitOperations, type Budget, type RateLimit } from "@switchyard/api-contract/quotas";
import { gatewayFeeOperations } from "@switchyard/api-contract/gateway-fees";
import { alertOperations } from "@switchyard/api-contract/system";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";
import { everyPage } from "../../control-plane/every-page.ts";

const lookEveryMs = 5_000;

export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: ({ signal }) => everyPage<Budget>(budgetOperations.list, {}, signal),
  refetchInterval: lookEveryMs,
});

export const budgetOutlookQuery = queryOptions({
  queryKey: ["budgets", "outlook"],
  queryFn: async ({ signal }) => (await callOperation(budgetOperations.outlook, { signal })).data.items,
  refetchInterval: 60_000,
});

export function budgetMembersQuery(id: string) {
  return queryOptions({
    queryKey: ["budgets", id, "members"],
    queryFn: async ({ signal }) => (await callOperation(budgetOperations.members, { signal, params: { id } })).data,
    refetchInterval: lookEveryMs,
  });
}

export const rateLimitsQuery = queryOptions({
  queryKey: ["rate-limits"],
  queryFn: ({ signal }) => everyPage<RateLimit>(rateLimitOperations.list, {}, signal),
  refetchInterval: lookEveryMs,
});

export const gatewayFeesQuery = queryOptions({
  queryKey: ["gateway-fees"],
  queryFn: async ({ signal }) => (await callOperation(gatewayFeeOperations.list, { signal })).data.items,
});

export const alertsQuery = queryOptions({
  queryKey: ["budget-alerts"],
  queryFn: async ({ signal }) =>
    (await callOperation(alertOperations.list, { signal, query: { limit: 50 } })).data.items,
  refetchInterval: lookEveryMs,
});

export const webhooksQuery = queryOptions({
  queryKey: ["alert-webhooks"],
  queryFn: async ({ signal }) => (await callOperation(alertOperations.webhooks, { signal })).data.items,
});
