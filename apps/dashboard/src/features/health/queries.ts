import { healthMapOperations } from "@switchyard/api-contract/health-map";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

const lookEveryMs = 5_000;

export const healthMapQuery = queryOptions({
  queryKey: ["health-map"],
  queryFn: async ({ signal }) => (await callOperation(healthMapOperations.get, { signal })).data.targets,
  refetchInterval: lookEveryMs,
});
