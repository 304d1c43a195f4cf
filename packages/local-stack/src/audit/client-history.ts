/** What clients saw, call by call: the first of the three histories that an audit compares. */
import type { AccountName } from "./accounts.ts";

export interface ClientCall {
  readonly account: AccountName;
  readonly isStream: boolean;
  /** Null when no head of an answer arrived. */
  status: number | null;
  requestId: string | null;
  errorCode: string | null;
  isFromCache: boolean;
  /** Null where the call was sent without one. */
  readonly idempotencyKey: string | null;
  /** The request whose answer this is once more. */
  replayOf: string | null;
  readonly received: Buffer[];
  /** The answer ended as HTTP ends one, not by a broken connection. */
  isWhole: boolean;
}

export const idempotencyHeader = "idempotency-key";

/** Nobody was asked anew for this answer: it came from the cache, or it is that of an earlier call with the same key. */
export function isRepeated({ isFromCache, replayOf }: ClientCall): boolean {
  return isFromCache || replayOf !== null;
}

export class ClientHistory {
  readonly calls: ClientCall[] = [];

  /** `fetch`, with everything that comes back noted. */
  recordingFetch(account: AccountName): typeof fetch {
    return async (input, init) => {
      const isStream = typeof init?.body === "string" && init.body.includes('"stream":true');
      const call: ClientCall = {
        account,
        isStream,
        status: null,
        requestId: null,
        errorCode: null,
        isFromCache: false,
        idempotencyKey: new Headers(init?.headers).get(idempotencyHeader),
        replayOf: null,
        received: [],
        isWhole: false,
      };
      this.calls.push(call);
      const response = await fetch(input, init);
      call.status = response.status;
      call.requestId = response.headers.get("x-request-id");
      call.isFromCache = response.headers.get("x-switchyard-cache") === "hit";
      call.replayOf = response.headers.get("x-switchyard-replay-of");
      const note = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          call.received.push(Buffer.from(chunk));
          controller.enqueue(chunk);
        },
        flush: () => {
          call.isWhole = true;
          if (response.status >= 400) call.errorCode = errorCodeOf(call.received);
        },
      });
      return new Response(response.body?.pipeThrough(note) ?? null, response);
    };
  }
}

function errorCodeOf(received: readonly Buffer[]): string | null {
  try {
    const body = JSON.parse(Buffer.concat(received).toString()) as { error?: { code?: string } };
    return body.error?.code ?? null;
  } catch {
    return null;
  }
}
