import type {
  AnswerOptions,
  CompleteResponse,
  StreamScanner,
  UsageReading,
} from "@switchyard/providers/provider-codec";
import { withoutByteOrderMark } from "@switchyard/providers/text/utf8";
import type { KnownCall } from "./known-call.ts";

/** More than any answer that is JSON; what is longer settles at its hold. */
const mostKeptBytes = 16 * 1024 * 1024;

/** What an answer says of its usage, by the time that it has ended. */
export interface MeterReading {
  readonly usage: UsageReading | null;
  readonly serviceTier: string | null;
  /** False where a stream that is known ended without its semantic end. */
  readonly isWhole: boolean;
}

/** Reads along what passes, and changes nothing of it. */
export interface UsageMeter {
  push(chunk: Buffer): void;
  end(): MeterReading;
}

export function createUsageMeter(known: KnownCall, isStream: boolean, options: AnswerOptions): UsageMeter {
  return isStream && known.operation === "chat"
    ? new StreamMeter(known.passage.createStreamScanner(options))
    : new CompleteMeter((body) => known.passage.readCompleteResponse(known.operation, body, options));
}

class StreamMeter implements UsageMeter {
  readonly #scanner: StreamScanner;

  constructor(scanner: StreamScanner) {
    this.#scanner = scanner;
  }

  push(chunk: Buffer): void {
    // What the scanner would forward is for clients of another kind of call: here the provider's bytes go out.
    this.#scanner.push(chunk);
  }

  end(): MeterReading {
    const { verdict } = this.#scanner.end();
    const { usage, serviceTier } = this.#scanner.state;
    return { usage, serviceTier, isWhole: verdict !== "truncated" && verdict !== "errored" };
  }
}

class CompleteMeter implements UsageMeter {
  readonly #read: (body: Uint8Array) => CompleteResponse;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(read: (body: Uint8Array) => CompleteResponse) {
    this.#read = read;
  }

  push(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= mostKeptBytes) this.#chunks.push(chunk);
    else this.#chunks.length = 0;
  }

  end(): MeterReading {
    const response = this.#read(withoutByteOrderMark(Buffer.concat(this.#chunks)));
    if (!response.ok) return { usage: null, serviceTier: null, isWhole: true };
    return { usage: response.usage, serviceTier: response.serviceTier, isWhole: true };
  }
}
