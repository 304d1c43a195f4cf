import { systemOperations } from "@switchyard/api-contract/system";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

const lookEveryMs = 5_000;

export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: async ({ signal }) => (await callOperation(systemOperations.get, { signal })).data,
  refetchInterval: lookEveryMs,
});
