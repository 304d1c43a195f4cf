import { monthlyReportOperations } from "@switchyard/api-contract/monthly-reports";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation, operationUrl } from "../../control-plane/call-operation.ts";

export interface ReportFilters {
  readonly teamId: string | null;
  readonly month: string | null;
}

const whileMadeMs = 1_000;
const isUnderWay = ({ state }: { state: string }) => state === "waiting" || state === "running";

/** Looks often while one of them is being made. */
export const monthlyReportsQuery = ({ teamId, month }: ReportFilters, cursor: string | null) =>
  queryOptions({
    queryKey: ["monthly-reports", "list", teamId, month, cursor],
    queryFn: async ({ signal }) => {
      const query = {
        ...(teamId === null ? {} : { teamId }),
        ...(month === null ? {} : { month }),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(monthlyReportOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? whileMadeMs : 30_000),
  });

export const monthlyReportQuery = (id: string) =>
  queryOptions({
    queryKey: ["monthly-reports", "one", id],
    queryFn: async ({ signal }) => (await callOperation(monthlyReportOperations.get, { signal, params: { id } })).data,
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? whileMadeMs : false),
  });

export const reportScheduleQuery = queryOptions({
  queryKey: ["monthly-reports", "schedule"],
  queryFn: async ({ signal }) => (await callOperation(monthlyReportOperations.schedule, { signal })).data,
});

/** Where the browser downloads a report for a spreadsheet. */
export function reportCsvUrl(id: string): string {
  return operationUrl(monthlyReportOperations.csv, { params: { id } });
}
