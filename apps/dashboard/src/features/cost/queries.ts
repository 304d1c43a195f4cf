import { reportOperations, type CostDimension, type ExportFormat } from "@switchyard/api-contract/reports";
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

export type ExportSelection = Pick<CostSelection, "from" | "to" | "filters">;

/** Where the browser downloads the same period and filters as rows of the ledger. `download`: a name for its manifest. */
export function exportUrl({ from, to, filters }: ExportSelection, format: ExportFormat, download?: string): string {
  const query = { from, to, ...queryOfFilters(filters), download };
  return operationUrl(reportOperations.export, { params: { format }, query });
}

/** About how many rows such a file has. */
export async function exportRows(
  { from, to, filters }: ExportSelection,
  format: ExportFormat,
  signal: AbortSignal,
): Promise<number> {
  const query = { from, to, ...queryOfFilters(filters) };
  return (await callOperation(reportOperations.exportSize, { signal, params: { format }, query })).data.rows;
}

/** Where it downloads what such a file holds, or what the one held that was downloaded under that name. */
export function manifestUrl({ from, to, filters }: ExportSelection, format: ExportFormat, download?: string): string {
  const query = { from, to, ...queryOfFilters(filters), download };
  return operationUrl(reportOperations.exportManifest, { params: { format }, query });
}
