import { reportOperations, type CostDimension } from "@switchyard/api-contract/reports";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { queryOfFilters, type CallFilters } from "../../choices/call-filters.ts";
import { callOperation, operationUrl } from "../../control-plane/call-operation.ts";

export interface CostSelection {
  readonly from: string;
  readonly to: string;
  readonly filters: CallFilters;
  readonly dimensions: readonly CostDimension[];
  readonly isCompared: boolean;
}

export const costQuery = (selection: CostSelection) =>
  queryOptions({
    queryKey: ["reports", "cost", selection],
    queryFn: async ({ signal }) => {
      const { from, to, filters, dimensions, isCompared } = selection;
      const query = {
        from,
        to,
        ...queryOfFilters(filters),
        groupBy: dimensions.join(","),
        compare: isCompared ? "true" : "false",
      };
      return (await callOperation(reportOperations.cost, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
  });

/** Where the browser downloads the same period and filters as rows of the ledger. */
export function costCsvUrl({ from, to, filters }: Pick<CostSelection, "from" | "to" | "filters">): string {
  return operationUrl(reportOperations.costCsv, { query: { from, to, ...queryOfFilters(filters) } });
}
