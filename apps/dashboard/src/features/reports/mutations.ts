import { monthlyReportOperations, type ReportSchedule } from "@switchyard/api-contract/monthly-reports";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["monthly-reports"];

export function useMakeReport() {
  return useChange(
    async (body: { teamId: string; month: string }) =>
      (await callOperation(monthlyReportOperations.make, { body })).data,
    refreshes,
  );
}

export function useRetryReport() {
  return useChange(
    async (id: string) => (await callOperation(monthlyReportOperations.retry, { params: { id } })).data,
    refreshes,
  );
}

export function useSetReportSchedule() {
  return useChange(
    async (body: ReportSchedule) => (await callOperation(monthlyReportOperations.setSchedule, { body })).data,
    refreshes,
  );
}
