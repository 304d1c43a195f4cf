import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { routeOperations, type Route, type RouteBody } from "@switchyard/api-contract/routes";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

/** Everything that a published change can show in. */
const refreshes = ["routes", "policy-revisions", "session", "budgets", "rate-limits"] as const;

export interface SavedRoute {
  readonly route: Route;
  /** Null when nothing changed. */
  readonly policyRevision: number | null;
}

export function usePublishRoute() {
  return useChange(async ({ published, body }: { published: Route | null; body: RouteBody }): Promise<SavedRoute> => {
    const { data, policyRevision } = published
      ? await callOperation(routeOperations.replace, {
          params: { id: published.id },
          body: { ...body, expectedUpdatedAt: published.updatedAt },
        })
      : await callOperation(routeOperations.create, { body });
    return { route: data, policyRevision };
  }, refreshes);
}

export function useRemoveRoute() {
  return useChange((id: string) => callOperation(routeOperations.remove, { params: { id } }), refreshes);
}

export function useRollBack() {
  return useChange(
    async (number: number) => (await callOperation(policyRevisionOperations.rollBack, { params: { number } })).data,
    refreshes,
  );
}
