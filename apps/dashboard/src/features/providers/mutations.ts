import {
  providerConnectionOperations,
  type createProviderConnectionBody,
  type updateProviderConnectionBody,
} from "@switchyard/api-contract/provider-connections";
import { useMutation } from "@tanstack/react-query";
import type { z } from "zod";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["provider-connections", "policy-revisions", "session", "health-map"];

export function useConnect() {
  return useChange(
    async (body: z.input<typeof createProviderConnectionBody>) =>
      (await callOperation(providerConnectionOperations.create, { body })).data,
    refreshes,
  );
}

export function useUpdateConnection() {
  return useChange(
    async ({ id, body }: { id: string; body: z.input<typeof updateProviderConnectionBody> }) =>
      (await callOperation(providerConnectionOperations.update, { params: { id }, body })).data,
    refreshes,
  );
}

export function useArchiveConnection() {
  return useChange((id: string) => callOperation(providerConnectionOperations.archive, { params: { id } }), refreshes);
}

export function useAddCredential() {
  return useChange(
    async ({ id, credential, retireOthers }: { id: string; credential: string; retireOthers: boolean }) =>
      (
        await callOperation(providerConnectionOperations.addCredential, {
          params: { id },
          body: { credential, retireOthers },
        })
      ).data,
    refreshes,
  );
}

export function useRemoveCredential() {
  return useChange(
    ({ id, credentialId }: { id: string; credentialId: string }) =>
      callOperation(providerConnectionOperations.removeCredential, { params: { id, credentialId } }),
    refreshes,
  );
}

/** Changes nothing, so nothing is read again. */
export function useTestConnection() {
  return useMutation({
    mutationFn: async (id: string) => (await callOperation(providerConnectionOperations.test, { params: { id } })).data,
  });
}
