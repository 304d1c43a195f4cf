import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";
import type { DayRange } from "../../ui/months.ts";

export const reconciliationQuery = (range: DayRange) =>
  queryOptions({
    queryKey: ["reconciliation", "rows", range],
    queryFn: async ({ signal }) =>
      (await callOperation(reconciliationOperations.compare, { signal, query: range })).data,
    placeholderData: keepPreviousData,
  });

export const unpricedQuery = (range: DayRange) =>
  queryOptions({
    queryKey: ["reconciliation", "unpriced", range],
    queryFn: async ({ signal }) =>
      (await callOperation(reconciliationOperations.unpriced, { signal, query: range })).data.items,
  });

export const statementsQuery = queryOptions({
  queryKey: ["reconciliation", "statements"],
  queryFn: async ({ signal }) => (await callOperation(reconciliationOperations.statements, { signal })).data.items,
});

export const periodsQuery = queryOptions({
  queryKey: ["reconciliation", "periods"],
  queryFn: async ({ signal }) => (await callOperation(reconciliationOperations.periods, { signal })).data,
});
