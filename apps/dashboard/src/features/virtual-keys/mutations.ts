import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["virtual-keys", "projects", "teams", "policy-revisions", "session"];

export interface KeySettings {
  readonly name: string;
  readonly allowedRouteIds: string[] | null;
  readonly passthroughConnectionIds: string[];
  readonly expiresAt: string | null;
}

export function useIssueKey() {
  return useChange(
    async (body: KeySettings & { projectId: string }) =>
      (await callOperation(virtualKeyOperations.issue, { body })).data,
    refreshes,
  );
}

export function useUpdateKey() {
  return useChange(
    async ({ id, body }: { id: string; body: KeySettings }) =>
      (await callOperation(virtualKeyOperations.update, { params: { id }, body })).data,
    refreshes,
  );
}

export function useRotateKey() {
  return useChange(
    async ({ id, overlapSeconds }: { id: string; overlapSeconds: number }) =>
      (await callOperation(virtualKeyOperations.rotate, { params: { id }, body: { overlapSeconds } })).data,
    refreshes,
  );
}

export function useRevokeKey() {
  return useChange(
    async (id: string) => (await callOperation(virtualKeyOperations.revoke, { params: { id } })).data,
    refreshes,
  );
}
