import { useMutation, type UseMutationResult, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

/** What follows a change. */
export interface ChangeOutcome<Output> {
  readonly onSuccess?: (output: Output) => void;
  readonly onError?: (error: Error) => void;
}

export type Change<Input, Output> = Omit<UseMutationResult<Output, Error, Input>, "mutate"> & {
  /** What follows belongs to the change, not to the component that asked for it: it is done also when that is gone. */
  readonly mutate: (input: Input, outcome?: ChangeOutcome<Output>) => void;
};

/**
 * A call that changes something, and what has to be read again after it, by the first part of the query keys. What follows the
 * change comes after that reading, which may well have taken away the row or the panel that the change was asked for in.
 */
export function useChange<Input, Output>(
  change: (input: Input) => Promise<Output>,
  refreshes: readonly string[],
): Change<Input, Output> {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(refreshes.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  const { mutateAsync } = mutation;
  const mutate = useCallback(
    // The library's own callbacks are dropped with their component; its promise is not. A failure is in `error`, too.
    (input: Input, { onSuccess, onError }: ChangeOutcome<Output> = {}) =>
      void mutateAsync(input).then(onSuccess, onError ?? (() => undefined)),
    [mutateAsync],
  );
  return { ...mutation, mutate };
}
