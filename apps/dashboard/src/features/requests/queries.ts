import { requestOperations } from "@switchyard/api-contract/requests";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { queryOfFilters, type CallFilters } from "../../choices/call-filters.ts";
import { callOperation } from "../../control-plane/call-operation.ts";

export const outcomes = ["succeeded", "refused", "failed"] as const;
export type Outcome = (typeof outcomes)[number];
export const cacheResults = ["hit", "miss", "bypass"] as const;

export interface RequestSelection extends CallFilters {
  readonly from: string;
  readonly to: string;
  readonly session: string | null;
  readonly outcome: Outcome | null;
  readonly status: number | null;
  readonly cache: (typeof cacheResults)[number] | null;
  readonly cursor: string | null;
}

const pageSize = 50;
const liveEveryMs = 3_000;

export const requestsQuery = (selection: RequestSelection, isLive: boolean) =>
  queryOptions({
    queryKey: ["requests", "list", selection],
    queryFn: async ({ signal }) => {
      const { from, to, session, outcome, status, cache, cursor } = selection;
      const query = {
        ...queryOfFilters(selection),
        from,
        to,
        limit: pageSize,
        ...(session === null ? {} : { session }),
        ...(outcome === null ? {} : { outcome }),
        ...(status === null ? {} : { status }),
        ...(cache === null ? {} : { cache }),
        ...(cursor === null ? {} : { cursor }),
      };
      return (await callOperation(requestOperations.list, { signal, query })).data;
    },
    placeholderData: keepPreviousData,
    refetchInterval: isLive ? liveEveryMs : false,
  });

export const receiptQuery = (requestId: string) =>
  queryOptions({
    queryKey: ["requests", "receipt", requestId],
    queryFn: async ({ signal }) => (await callOperation(requestOperations.get, { signal, params: { requestId } })).data,
  });
