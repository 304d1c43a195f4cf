import {
  budgetOperations,
  rateLimitOperations,
  type createBudgetBody,
  type rateLimitMeasures,
} from "@switchyard/api-contract/quotas";
import type { Scope } from "@switchyard/api-contract/quotas";
import { gatewayFeeOperations, type setGatewayFeeBody } from "@switchyard/api-contract/gateway-fees";
import { alertOperations } from "@switchyard/api-contract/system";
import type { z } from "zod";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["budgets", "rate-limits", "gateway-fees", "policy-revisions", "session"];

export type BudgetBody = z.input<typeof createBudgetBody>;
export type BudgetSettings = Pick<BudgetBody, "name" | "limitUsd" | "mode" | "whenShort" | "thresholdsPct">;

export function useSetBudget() {
  return useChange(
    async (body: BudgetBody) => (await callOperation(budgetOperations.create, { body })).data,
    refreshes,
  );
}

export function useUpdateBudget() {
  return useChange(async ({ id, body }: { id: string; body: Partial<BudgetSettings> }) => {
    const { name, limitUsd, mode, whenShort, thresholdsPct } = body;
    const fields = {
      ...(name === undefined ? {} : { name }),
      ...(limitUsd === undefined ? {} : { limitUsd }),
      ...(mode === undefined ? {} : { mode }),
      ...(whenShort === undefined ? {} : { whenShort }),
      ...(thresholdsPct === undefined ? {} : { thresholdsPct }),
    };
    return (await callOperation(budgetOperations.update, { params: { id }, body: fields })).data;
  }, refreshes);
}

export function useLiftBudget() {
  return useChange((id: string) => callOperation(budgetOperations.archive, { params: { id } }), refreshes);
}

export function useRaiseBudget() {
  return useChange(
    async ({ id, lengthMs, ...raise }: { id: string; amountUsd: string; lengthMs: number; note: string }) => {
      const until = new Date(Date.now() + lengthMs).toISOString();
      return (await callOperation(budgetOperations.raise, { params: { id }, body: { ...raise, until } })).data;
    },
    refreshes,
  );
}

export function useEndRaise() {
  return useChange((id: string) => callOperation(budgetOperations.endRaise, { params: { id } }), refreshes);
}

export function useSetRateLimit() {
  return useChange(
    async (body: { name: string; scope: Scope; measure: (typeof rateLimitMeasures)[number]; limit: number }) =>
      (await callOperation(rateLimitOperations.create, { body })).data,
    refreshes,
  );
}

export function useUpdateRateLimit() {
  return useChange(
    async ({ id, name, limit }: { id: string; name: string; limit: number }) =>
      (await callOperation(rateLimitOperations.update, { params: { id }, body: { name, limit } })).data,
    refreshes,
  );
}

export function useLiftRateLimit() {
  return useChange((id: string) => callOperation(rateLimitOperations.archive, { params: { id } }), refreshes);
}

export function useSetFee() {
  return useChange(
    async (body: z.input<typeof setGatewayFeeBody>) => (await callOperation(gatewayFeeOperations.set, { body })).data,
    refreshes,
  );
}

export function useRemoveFee() {
  return useChange((id: string) => callOperation(gatewayFeeOperations.remove, { params: { id } }), refreshes);
}

export function useAddWebhook() {
  return useChange(
    async (url: string) => (await callOperation(alertOperations.addWebhook, { body: { url } })).data,
    ["alert-webhooks"],
  );
}

export function useRemoveWebhook() {
  return useChange(
    (id: string) => callOperation(alertOperations.removeWebhook, { params: { id } }),
    ["alert-webhooks"],
  );
}
