import { QueryClient } from "@tanstack/react-query";
import { ControlPlaneError } from "./call-operation.ts";

/** Server state lives here and nowhere else; nothing is copied into component state. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => isWorthRetrying(error) && failures < 2,
        refetchOnWindowFocus: true,
      },
    },
  });
}

function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ControlPlaneError) || error.status === 0 || error.status >= 500;
}
