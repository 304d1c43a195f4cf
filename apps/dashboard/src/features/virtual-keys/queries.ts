import { virtualKeyOperations, type virtualKeyStates } from "@switchyard/api-contract/virtual-keys";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { callOperation } from "../../control-plane/call-operation.ts";

export type VirtualKeyState = (typeof virtualKeyStates)[number];

export interface KeySelection {
  readonly projectId: string | null;
  readonly state: VirtualKeyState | null;
  readonly search: string | null;
  readonly cursor: string | null;
}

export const virtualKeysQuery = ({ projectId, state, search, cursor }: KeySelection) =>
  queryOptions({
    queryKey: ["virtual-keys", "list", projectId, state, search, cursor],
    queryFn: async ({ signal }) => {
      const query = {
        limit: 50,
        ...(projectId === null ? {} : { projectId }),
        ...(state === null ? {} : { state }),
        ...(search === null ? {} : { search }),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(virtualKeyOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
  });
