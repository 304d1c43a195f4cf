import type { IncomingMessage, ServerResponse } from "node:http";

/** One request that has arrived in full, and the response that it waits for. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly receivedAtMs: number;
  /** Monotonic, for durations. */
  readonly startedMs: number;
  readonly attemptId: string | null;
  readonly body: Buffer;
  readonly bodySha256: string;
  /** 24 hexadecimal digits, unique for each request. */
  readonly id: string;
}
