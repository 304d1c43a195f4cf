import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { routeOperations, type Route, type RouteBody } from "@switchyard/api-contract/routes";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

/** Everything that a published change can show in. */
function useRefreshPolicy() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      ["routes", "policy-revisions", "session", "budgets", "rate-limits"].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
}

export interface SavedRoute {
  readonly route: Route;
  /** Null when nothing changed. */
  readonly policyRevision: number | null;
}

export function usePublishRoute() {
  const refresh = useRefreshPolicy();
  return useMutation({
    mutationFn: async ({ published, body }: { published: Route | null; body: RouteBody }): Promise<SavedRoute> => {
      const { data, policyRevision } = published
        ? await callOperation(routeOperations.replace, {
            params: { id: published.id },
            body: { ...body, expectedUpdatedAt: published.updatedAt },
          })
        : await callOperation(routeOperations.create, { body });
      return { route: data, policyRevision };
    },
    onSuccess: refresh,
  });
}

export function useRemoveRoute() {
  const refresh = useRefreshPolicy();
  return useMutation({
    mutationFn: (id: string) => callOperation(routeOperations.remove, { params: { id } }),
    onSuccess: refresh,
  });
}

export function useRollBack() {
  const refresh = useRefreshPolicy();
  return useMutation({
    mutationFn: async (number: number) =>
      (await callOperation(policyRevisionOperations.rollBack, { params: { number } })).data,
    onSuccess: refresh,
  });
}
