import { adminTokenOperations, memberOperations } from "@switchyard/api-contract/access";
import type { Role } from "@switchyard/api-contract/operation";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

export function useAddMember() {
  return useChange(
    async (body: { name: string; email: string; role: Role }) =>
      (await callOperation(memberOperations.add, { body })).data,
    ["members"],
  );
}

export function useChangeRole() {
  return useChange(
    ({ id, role }: { id: string; role: Role }) =>
      callOperation(memberOperations.changeRole, { params: { id }, body: { role } }),
    ["members", "session"],
  );
}

export function useRemoveMember() {
  return useChange((id: string) => callOperation(memberOperations.remove, { params: { id } }), ["members"]);
}

export function useCreateAdminToken() {
  return useChange(
    async (body: { name: string; role: Role }) => (await callOperation(adminTokenOperations.create, { body })).data,
    ["admin-tokens"],
  );
}

export function useRevokeAdminToken() {
  return useChange((id: string) => callOperation(adminTokenOperations.revoke, { params: { id } }), ["admin-tokens"]);
}
