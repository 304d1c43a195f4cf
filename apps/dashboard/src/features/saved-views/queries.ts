import { savedViewOperations, type ViewedPage } from "@switchyard/api-contract/saved-views";
import { queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";
import { useChange } from "../../control-plane/use-change.ts";

const refreshes = ["saved-views"];

export const savedViewsQuery = (page: ViewedPage) =>
  queryOptions({
    queryKey: ["saved-views", page],
    queryFn: async ({ signal }) =>
      (await callOperation(savedViewOperations.list, { signal, query: { page } })).data.items,
  });

export function useSaveView() {
  return useChange(
    async (body: { page: ViewedPage; name: string; query: string; isShared: boolean }) =>
      (await callOperation(savedViewOperations.save, { body })).data,
    refreshes,
  );
}

export function useChangeView() {
  return useChange(
    async ({ id, body }: { id: string; body: { name?: string; query?: string; isShared?: boolean } }) =>
      (await callOperation(savedViewOperations.change, { params: { id }, body })).data,
    refreshes,
  );
}

export function useSetDefaultView() {
  return useChange(
    async (body: { page: ViewedPage; viewId: string | null }) =>
      (await callOperation(savedViewOperations.setDefault, { body })).data,
    refreshes,
  );
}

export function useRemoveView() {
  return useChange((id: string) => callOperation(savedViewOperations.remove, { params: { id } }), refreshes);
}

export function useRestoreView() {
  return useChange(
    async (id: string) => (await callOperation(savedViewOperations.restore, { params: { id } })).data,
    refreshes,
  );
}
