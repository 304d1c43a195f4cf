import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { modelOperations, type createModelBody, type createPriceBody } from "@switchyard/api-contract/models";
import type { z } from "zod";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["models", "policy-revisions", "session"];

export function useAddPrice() {
  return useChange(
    async ({ id, body }: { id: string; body: z.input<typeof createPriceBody> }) =>
      (await callOperation(modelOperations.addPrice, { params: { id }, body })).data,
    refreshes,
  );
}

export function useCreateModel() {
  return useChange(
    async (body: z.input<typeof createModelBody>) => (await callOperation(modelOperations.create, { body })).data,
    refreshes,
  );
}

export function useApplyCatalogueChanges() {
  return useChange(
    async (body: z.input<(typeof catalogueChangeOperations.apply)["body"]>) =>
      (await callOperation(catalogueChangeOperations.apply, { body })).data,
    refreshes,
  );
}

export function useArchiveModel() {
  return useChange((id: string) => callOperation(modelOperations.archive, { params: { id } }), refreshes);
}
