import type { Reason } from "@switchyard/metering/usage-event";
import { errorRegistry, type ErrorCode, type ErrorDefinition } from "./error-registry.ts";

export interface GatewayErrorDetails {
  /** The request field that is wrong, as OpenAI names it. */
  readonly param?: string;
  readonly retryAfterSeconds?: number;
  /** The same call would only fail again, although this code is one that usually passes. */
  readonly isFinal?: boolean;
  /** What the record of the call says of it. */
  readonly reason?: Reason;
  readonly cause?: unknown;
}

/** The only error that a client is answered with. `message` is public: it must hold no secret and no prompt. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;
  readonly isFinal: boolean;
  readonly reason: Reason | null;

  constructor(code: ErrorCode, message: string, details: GatewayErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "GatewayError";
    this.code = code;
    this.param = details.param ?? null;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.isFinal = details.isFinal ?? false;
    this.reason = details.reason ?? null;
  }

  get definition(): ErrorDefinition {
    return errorRegistry[this.code];
  }
}
