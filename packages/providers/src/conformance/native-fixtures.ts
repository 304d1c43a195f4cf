import type { Usage } from "@switchyard/metering/meters";
import type { ClientProtocolName } from "../clients/client-protocol.ts";

/** What a kind brings along for each protocol that its codec passes natively: bodies as its servers write them. */
export interface NativeFixtures {
  readonly client: ClientProtocolName;
  /** Nothing has to change in it. Its model is "m", and its output cap is 900. */
  readonly request: string;
  readonly answer: string;
  /** The same answer, streamed. */
  readonly stream: string;
  /** The length of the shortest beginning of `stream` that is a whole answer. */
  readonly wholeAt: number;
  readonly usage: Usage;
  /** Streams that break after some text, in each of the protocol's ways. */
  readonly broken: readonly string[];
}
