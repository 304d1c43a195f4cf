/** What a worker tells the primary when it cannot start for a reason that a restart will not cure. */
export interface StartFailure {
  readonly kind: "switchyard:cannot-start";
  readonly message: string;
}

export function isStartFailure(message: unknown): message is StartFailure {
  return (
    typeof message === "object" && message !== null && "kind" in message && message.kind === "switchyard:cannot-start"
  );
}
