import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import type { z } from "zod";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

type Statement = z.input<typeof reconciliationOperations.importStatement.body>;

export function useImportStatement() {
  return useChange(
    async (body: Statement) => (await callOperation(reconciliationOperations.importStatement, { body })).data,
    ["reconciliation"],
  );
}

export function useClosePeriod() {
  return useChange(
    async (month: string) => (await callOperation(reconciliationOperations.closePeriod, { body: { month } })).data,
    ["reconciliation", "reports"],
  );
}
