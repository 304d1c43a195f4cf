/**
 * Servers that answer in a form of their own where the usual one was asked for: older versions, proxies before them, or
 * a base URL of their other API. What they say is understood all the same.
 */
import type { EventDecoder } from "../events/model-event.ts";
import { TranslatedStream } from "../events/translated-stream.ts";
import { writeAnswer } from "../events/write-answer.ts";
import type { AnswerOptions, CompleteResponse, ProviderCodec, StreamScanner } from "../provider-codec.ts";
import { readJsonRows } from "./json-rows.ts";
import { RowStream } from "./row-stream.ts";
import { type Sniff, SniffedStream } from "./sniffed-stream.ts";

export interface NativeAnswers {
  readonly isNative: Sniff;
  /** Whether a stream is a row of JSON objects, or events as of every other. */
  readonly framing: "rows" | "events";
  createDecoder(): EventDecoder;
  /** The stop sequences of a request that the server was not told of. */
  stopsOf?(request: AnswerOptions["request"]): readonly string[];
}

/** A codec that reads answers in the server's own form as well. */
export function withNativeAnswers(codec: ProviderCodec, native: NativeAnswers): ProviderCodec {
  return {
    ...codec,
    createStreamScanner: (options) =>
      new SniffedStream(codec.createStreamScanner(options), native.isNative, () => createScanner(native, options)),
    readCompleteResponse(operation, body, options) {
      const usual = codec.readCompleteResponse(operation, body, options);
      if (operation !== "chat" || usual.ok || usual.failure.failure !== "malformed_response") return usual;
      return readNative(body, native, options) ?? usual;
    },
  };
}

function createScanner(native: NativeAnswers, options: AnswerOptions): StreamScanner {
  const decoder = native.createDecoder();
  const stops = native.stopsOf?.(options.request) ?? [];
  return native.framing === "rows"
    ? new RowStream(decoder, options, stops)
    : new TranslatedStream(decoder, options, stops);
}

/** Null where the body is no answer in this form either. */
function readNative(body: Uint8Array, native: NativeAnswers, options: AnswerOptions): CompleteResponse | null {
  const rows = readJsonRows(body);
  if (rows === null) return null;
  const decoder = native.createDecoder();
  const answer = writeAnswer(
    rows.flatMap((row) => decoder.decode(row)),
    options,
    native.stopsOf?.(options.request),
  );
  return answer.ok ? answer : null;
}

/** A row of JSON objects where events were expected. */
export const beginsWithJson: Sniff = (beginning) => {
  // A byte order mark, as its bytes read one by one.
  const text = beginning.replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  return text === "" || "\u00ef\u00bb\u00bf".startsWith(text) ? null : /^[{[]/.test(text);
};

/** Events of which the first one's object begins with one of these members. */
export function beginsWithMember(...names: readonly string[]): Sniff {
  const own = new RegExp(String.raw`(?:^|[\r\n])data: ?\{\s*"(?:${names.join("|")})"`);
  const other = /(?:^|[\r\n])data: ?(?:\{\s*"[^"]*"|[^{\s])|^\s*[{[<]/;
  return (beginning) => (own.test(beginning) ? true : other.test(beginning) ? false : null);
}
