import { requestOperations } from "@switchyard/api-contract/requests";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

const shown = 20;

export function refusalQuery(requestId: string) {
  return queryOptions({
    queryKey: ["requests", requestId, "refusal"],
    queryFn: async ({ signal }) =>
      (await callOperation(requestOperations.refusal, { signal, params: { requestId } })).data,
  });
}

/** What budgets and limits refused lately. */
export const blockedCallsQuery = queryOptions({
  queryKey: ["requests", "blocked"],
  queryFn: async ({ signal }) =>
    (await callOperation(requestOperations.list, { signal, query: { status: 429, limit: shown } })).data.items,
  refetchInterval: 10_000,
});
