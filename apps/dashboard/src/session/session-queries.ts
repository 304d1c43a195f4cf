import { memberOperations } from "@switchyard/api-contract/access";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../control-plane/call-operation.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => (await callOperation(memberOperations.session, { signal })).data,
  staleTime: 60_000,
  retry: false,
});
