import { projectOperations } from "@switchyard/api-contract/projects";
import { teamOperations } from "@switchyard/api-contract/teams";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["teams", "projects", "virtual-keys", "policy-revisions", "session"];

/** What a dialog edits: a new or a present team, or a project of one. */
export type Named =
  | { readonly kind: "team"; readonly id: string | null }
  | { readonly kind: "project"; readonly id: string | null; readonly teamId: string };

export function useSaveName() {
  return useChange(async ({ subject, name }: { subject: Named; name: string }) => {
    if (subject.kind === "team") {
      return subject.id === null
        ? callOperation(teamOperations.create, { body: { name } })
        : callOperation(teamOperations.update, { params: { id: subject.id }, body: { name } });
    }
    return subject.id === null
      ? callOperation(projectOperations.create, { body: { teamId: subject.teamId, name } })
      : callOperation(projectOperations.update, { params: { id: subject.id }, body: { name } });
  }, refreshes);
}

export function useSetZeroRetention() {
  return useChange(
    ({ id, zeroRetention }: { id: string; zeroRetention: boolean }) =>
      callOperation(projectOperations.update, { params: { id }, body: { zeroRetention } }),
    refreshes,
  );
}

export function useSetPassthrough() {
  return useChange(
    ({ id, passthroughConnectionIds }: { id: string; passthroughConnectionIds: string[] }) =>
      callOperation(projectOperations.update, { params: { id }, body: { passthroughConnectionIds } }),
    refreshes,
  );
}

export function useArchive() {
  return useChange(
    ({ kind, id }: { kind: Named["kind"]; id: string }) =>
      callOperation(kind === "team" ? teamOperations.archive : projectOperations.archive, { params: { id } }),
    refreshes,
  );
}
