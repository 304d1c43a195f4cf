"use client";
import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Failure } from "./failure.tsx";

/** The three states that every list and chart has; `children` gets data that is there. */
export function QueryStates<Data>({
  query,
  isEmpty,
  empty,
  children,
  skeletonRows = 6,
}: {
  query: UseQueryResult<Data>;
  isEmpty?: (data: Data) => boolean;
  empty?: ReactNode;
  children: (data: Data) => ReactNode;
  skeletonRows?: number;
}) {
  if (query.data !== undefined) return isEmpty?.(query.data) ? empty : children(query.data);
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Stack gap="xs" aria-busy aria-label="Loading">
      {Array.from({ length: skeletonRows }, (_, row) => (
        <Skeleton key={row} height={36} />
      ))}
    </Stack>
  );
}
