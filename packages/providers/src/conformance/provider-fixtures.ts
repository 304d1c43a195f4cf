import type { Usage } from "@switchyard/metering/meters";
import type { FailureClass } from "@switchyard/metering/usage-event";
import { encodeUtf8 } from "../text/utf8.ts";

/** What every kind brings along, in `<kind>/__fixtures__/conformance.ts`: bodies as its servers write them. */
export interface ProviderFixtures {
  /** How a kind differs from OpenAI whose bytes pass as they are; null for one that is translated. */
  readonly passthrough: {
    /** Nothing has to change in it. Its model is "m". */
    readonly request: string;
    /** Whether usage is asked for, or comes unasked. */
    readonly asksForUsage: boolean;
    /** Whether usage comes in a chunk without choices, which can be withheld. */
    readonly usageHasItsChunk: boolean;
    /** How many events of the stream differ for a client, since it would misread what the server writes, or miss it. */
    readonly changedEvents: number;
  } | null;
  readonly chatAnswer: { readonly body: string; readonly usage: Usage };
  /** Null where the protocol has no way to tell a refusal from an answer. */
  readonly refusal: string | null;
  readonly emptyAnswer: string;
  /** For kinds that offer embeddings. */
  readonly embeddingsAnswer?: { readonly body: string; readonly usage: Usage };
  /** The same call as `chatAnswer`, streamed with usage: it must settle for the same amount. */
  readonly chatStream: {
    /** Bytes for a protocol that is not text. */
    readonly text: string | Uint8Array;
    /** The length of the shortest beginning of `text` that is a whole answer. */
    readonly wholeAt: number;
  };
  /** A stream that breaks after some text with an error in the provider's own way. */
  readonly brokenStream: { readonly text: string | Uint8Array; readonly failure: FailureClass };
  readonly failures: readonly {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
    readonly failure: FailureClass;
    readonly retryAfterMs?: number;
  }[];
}

/** A stream of the fixtures, or a beginning of it, as it comes over the wire. */
export function streamBytes(text: string | Uint8Array, length = text.length): Uint8Array {
  return typeof text === "string" ? encodeUtf8(text.slice(0, length)) : text.slice(0, length);
}
