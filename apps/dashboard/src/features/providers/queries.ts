import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export const providerKindsQuery = queryOptions({
  queryKey: ["provider-kinds"],
  queryFn: async ({ signal }) => (await callOperation(providerConnectionOperations.kinds, { signal })).data.items,
  staleTime: Number.POSITIVE_INFINITY,
});
