/** A control request after its path matched: the path's variable parts (decoded), its query, and its body as JSON. */
export interface ControlRequest {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** Undefined when the request has no body. */
  readonly body: unknown;
}

export interface ControlReply {
  readonly status: number;
  /** Sent as JSON; nothing is sent when it is absent. */
  readonly body?: unknown;
}

/** One operation of the control API. The pattern is matched against what follows `/_simulator/`. */
export interface ControlRoute {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly pattern: RegExp;
  run(request: ControlRequest): ControlReply | Promise<ControlReply>;
}

/** A control request that cannot be served, with the reason for its sender. */
export class ControlError extends Error {
  readonly status: number;
  readonly issues: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, message: string, issues: ControlError["issues"] = []) {
    super(message);
    this.name = "ControlError";
    this.status = status;
    this.issues = issues;
  }
}
