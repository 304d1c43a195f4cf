import { reportOperations } from "@switchyard/api-contract/reports";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

interface Correction {
  readonly attemptId: string;
  readonly costUsd: string;
  readonly note: string;
}

export function useCorrectCost() {
  return useChange(
    async (correction: Correction) =>
      (await callOperation(reportOperations.correct, { body: { corrections: [correction] } })).data,
    ["requests", "reports", "budgets", "teams", "projects"],
  );
}
