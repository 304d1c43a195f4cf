import type { Interruption } from "../behaviour/plan-call.ts";
import type { AnswerChunk } from "../formats/wire-format.ts";
import type { Outcome } from "../ledger/ledger-entry.ts";

/** A response that is ready to be sent, and the pace at which to send it. */
export interface Delivery {
  readonly status: number;
  /** All headers but the length, as a flat list of names and values; asked for when they are about to be sent. */
  readonly headers: () => string[];
  readonly body: string | Iterable<AnswerChunk>;
  /** Wait before the status line. */
  readonly delayMs: number;
  /** Wait between the headers and the first byte of the body. */
  readonly firstByteDelayMs: number;
  /** Pace of the chunks; 0 means as fast as the connection takes them. */
  readonly tokensPerSecond: number;
  readonly interruption: Interruption | undefined;
  /** The event that an `error_event` interruption sends. */
  readonly errorEvent: () => string | Buffer;
  /** Told of every piece of the body as it is handed to the connection. */
  readonly onBodyPiece?: ((piece: string | Uint8Array) => void) | undefined;
  /** How the call ended if all of this goes out. */
  readonly outcome: Exclude<Outcome, "open">;
}

export interface DeliveryResult {
  /** The status sent; null when the connection ended before. */
  readonly status: number | null;
  readonly outcome: Exclude<Outcome, "open">;
  /** How much of the answer was handed over, even in part. */
  readonly generatedTokens: number;
}
