import { fidelityOperations } from "@switchyard/api-contract/fidelity";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const whileRunningMs = 1_000;

/** Read again every second while a run is under way. */
export const fidelityRunsQuery = queryOptions({
  queryKey: ["fidelity-runs"],
  queryFn: async ({ signal }) => (await callOperation(fidelityOperations.list, { signal })).data.items,
  refetchInterval: ({ state }) => (state.data?.some((run) => run.state === "running") ? whileRunningMs : false),
});

export function useStartFidelityRun() {
  return useChange(
    async (body: { routeId: string; projectId: string }) =>
      (await callOperation(fidelityOperations.start, { body })).data,
    ["fidelity-runs", "virtual-keys", "policy-revisions"],
  );
}
