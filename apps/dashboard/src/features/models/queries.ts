import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { modelOperations, type pricingStates } from "@switchyard/api-contract/models";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export type PricingState = (typeof pricingStates)[number];

export interface ModelSelection {
  readonly search: string | null;
  readonly providerKind: string | null;
  readonly pricing: PricingState | null;
  readonly inUse: boolean;
  readonly cursor: string | null;
}

export const modelsQuery = ({ search, providerKind, pricing, inUse, cursor }: ModelSelection) =>
  queryOptions({
    queryKey: ["models", "list", search, providerKind, pricing, inUse, cursor],
    queryFn: async ({ signal }) => {
      const query = {
        limit: 50,
        ...(search === null ? {} : { search }),
        ...(providerKind === null ? {} : { providerKind }),
        ...(pricing === null ? {} : { pricing }),
        ...(inUse ? { inUse: "true" } : {}),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(modelOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
  });

export const modelQuery = (id: string) =>
  queryOptions({
    queryKey: ["models", "one", id],
    queryFn: async ({ signal }) => (await callOperation(modelOperations.get, { signal, params: { id } })).data,
  });

export const catalogueChangesQuery = queryOptions({
  queryKey: ["models", "catalogue-changes"],
  queryFn: async ({ signal }) => (await callOperation(catalogueChangeOperations.list, { signal })).data,
});

export const providerKindsQuery = queryOptions({
  queryKey: ["provider-kinds"],
  queryFn: async ({ signal }) => (await callOperation(providerConnectionOperations.kinds, { signal })).data.items,
  staleTime: Number.POSITIVE_INFINITY,
});
