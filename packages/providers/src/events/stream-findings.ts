import type { ProviderFailure, StreamState, UsageReading } from "../provider-codec.ts";

/** What a stream has told so far: nothing yet. Whoever reads a protocol fills it in. */
export class StreamFindings implements StreamState {
  contentSeen = false;
  contentBytes = 0;
  usage: UsageReading | null = null;
  readonly finishReasons = new Map<number, string | null>();
  refusalSeen = false;
  doneSeen = false;
  failure: ProviderFailure | null = null;
  serviceTier: string | null = null;
  model: string | null = null;
}
