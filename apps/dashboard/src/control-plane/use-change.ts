import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A call that changes something, and what has to be read again after it, by the first part of the query keys. */
export function useChange<Input, Output>(change: (input: Input) => Promise<Output>, refreshes: readonly string[]) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(refreshes.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
}
