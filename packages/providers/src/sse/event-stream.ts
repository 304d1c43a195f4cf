/**
 * Cuts an event stream (WHATWG HTML, "server-sent events") into its events without copying what arrives whole. Bytes
 * may be split anywhere, inside a line ending too, and give the same events. Lines end with LF, CR or CRLF.
 */

export interface StreamEvent {
  /** All bytes of the event, its blank line included, are `bytes[start, end)`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly data: EventData | null;
  /**
   * Whether it is named `error`, or has a field of that name, or is no event but a JSON body where a stream was expected:
   * some servers report failures so.
   */
  readonly isError: boolean;
  /** It is such a body. Some servers answer so too that do not stream. */
  readonly isJson: boolean;
}

/** The data of an event are `bytes[start, end)`: the stream's own bytes, or a joined copy when they came in several lines. */
export interface EventData {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface EventSink {
  /** A whole event. Views of its arrays may be kept. */
  onEvent(event: StreamEvent): void;
  /** The LF of a CRLF whose CR ended the event before: it goes where that event went. */
  onLateLineFeed(lineFeed: Uint8Array): void;
  /** An event grew beyond the limit, or it is no event stream from its first line on. Nothing is cut from then on. */
  onUnreadable(): void;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const colon = 0x3a;
const space = 0x20;
const openingBrace = 0x7b;
const longestLineEnd = 2;
/** Most events fit, so that holding one back costs one allocation. */
const leastHeldBytes = 1_024;
const noBytes = new Uint8Array(0);
const [dataField, eventField, errorField] = ["data", "event", "error"].map(ascii) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const openingFields = [dataField, eventField, errorField, ascii("id"), ascii("retry")];

/** Whether an event is nothing but line ends. */
export function isBlank({ start, end }: StreamEvent): boolean {
  return end - start <= longestLineEnd;
}

export class EventStream {
  readonly #sink: EventSink;
  readonly #maxEventBytes: number;
  /** The event that has begun and not ended is `#held[0, #heldLength)`; behind it is room to grow. */
  #held = noBytes;
  #heldLength = 0;
  /** Positions below count from the first byte of the event that has begun. */
  #lineStart = 0;
  #dataLines: number[] = [];
  #isError = false;
  #isFirstLine = true;
  #isJson = false;
  /** The last byte seen was a CR that ended a line; a LF that follows belongs to it. */
  #lineFeedMayFollow = false;
  #isRefused = false;

  constructor(sink: EventSink, maxEventBytes: number) {
    this.#sink = sink;
    this.#maxEventBytes = maxEventBytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0 || this.#isRefused) return;
    const alreadyRead = this.#heldLength;
    let bytes = chunk;
    if (this.#lineFeedMayFollow) {
      this.#lineFeedMayFollow = false;
      if (chunk[0] === lineFeed && alreadyRead > 0) {
        this.#lineStart++;
      } else if (chunk[0] === lineFeed) {
        this.#sink.onLateLineFeed(chunk.subarray(0, 1));
        bytes = chunk.subarray(1);
      }
    }
    if (alreadyRead > 0) bytes = this.#append(chunk);
    const rest = this.#cut(bytes, Math.max(alreadyRead, this.#lineStart));
    if (this.#isRefused) return;
    if (bytes.length - rest > this.#maxEventBytes) this.#refuse();
    else if (alreadyRead === 0 || rest > 0) this.#hold(bytes.subarray(rest));
  }

  /** What was left without its blank line, as the event that it would have been; null if nothing was left. */
  takeUnfinished(): StreamEvent | null {
    if (this.#heldLength === 0 || this.#isRefused) return null;
    const bytes = this.#held.subarray(0, this.#heldLength);
    if (this.#lineStart < bytes.length) this.#readLine(bytes, 0, bytes.length);
    if (this.#isRefused) return null;
    return this.#take(bytes, 0, bytes.length);
  }

  /** Reports the events that end within `bytes`, looking for line ends from `from`; returns where the rest begins. */
  #cut(bytes: Uint8Array, from: number): number {
    const hasCarriageReturn = bytes.indexOf(carriageReturn, from) !== -1;
    let start = 0;
    let at = from;
    while (at < bytes.length) {
      const lineEnd = hasCarriageReturn ? findLineEnd(bytes, at) : bytes.indexOf(lineFeed, at);
      if (lineEnd === -1) break;
      at = lineEnd + 1;
      if (bytes[lineEnd] === carriageReturn) {
        if (bytes[at] === lineFeed) at++;
        else this.#lineFeedMayFollow = at === bytes.length;
      }
      if (lineEnd > start + this.#lineStart) {
        this.#readLine(bytes, start, lineEnd);
        if (this.#isRefused) break;
        this.#lineStart = at - start;
      } else if (lineEnd - start > this.#maxEventBytes) {
        this.#refuse();
        break;
      } else {
        this.#sink.onEvent(this.#take(bytes, start, at));
        start = at;
      }
    }
    return start;
  }

  #readLine(bytes: Uint8Array, eventStart: number, lineEnd: number): void {
    let at = eventStart + this.#lineStart;
    if (this.#isFirstLine && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    const isFirstLine = this.#isFirstLine;
    this.#isFirstLine = false;
    // Not a stream at all, but a JSON body: servers answer so that failed before they began.
    if (this.#isJson || (isFirstLine && bytes[at] === openingBrace)) {
      this.#isJson = this.#isError = true;
      this.#dataLines.push(at - eventStart, lineEnd - eventStart);
      return;
    }
    // The page of something in between, or a sentence.
    if (isFirstLine && !opensStream(bytes, at, lineEnd)) return this.#refuse();
    const isData = isField(bytes, at, lineEnd, dataField);
    const isBareError = !isData && isField(bytes, at, lineEnd, errorField);
    if (!isData && !isBareError && !isField(bytes, at, lineEnd, eventField)) return;
    if (isBareError) this.#isError = true;
    const afterName = at + (isData ? dataField.length : eventField.length) + 1;
    const valueStart = Math.min(lineEnd, bytes[afterName] === space ? afterName + 1 : afterName);
    if (isData || isBareError) this.#dataLines.push(valueStart - eventStart, lineEnd - eventStart);
    else this.#isError ||= lineEnd - valueStart === errorField.length && startsWith(bytes, valueStart, errorField);
  }

  #take(bytes: Uint8Array, start: number, end: number): StreamEvent {
    const data = joinLines(bytes, start, this.#dataLines);
    const event = { bytes, start, end, data, isError: this.#isError, isJson: this.#isJson };
    this.#lineStart = 0;
    this.#dataLines = [];
    this.#isError = false;
    return event;
  }

  /** Adds to the held bytes. The array doubles as it grows, so that an event in tiny pieces costs linear time. */
  #append(chunk: Uint8Array): Uint8Array {
    const length = this.#heldLength + chunk.length;
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#held.length));
      grown.set(this.#held.subarray(0, this.#heldLength));
      this.#held = grown;
    }
    this.#held.set(chunk, this.#heldLength);
    this.#heldLength = length;
    return this.#held.subarray(0, length);
  }

  /** Copies, because views of the present array were handed out, or it is the caller's. */
  #hold(rest: Uint8Array): void {
    this.#held = rest.length === 0 ? noBytes : new Uint8Array(Math.max(leastHeldBytes, 2 * rest.length));
    this.#held.set(rest);
    this.#heldLength = rest.length;
  }

  #refuse(): void {
    this.#isRefused = true;
    this.#hold(noBytes);
    this.#sink.onUnreadable();
  }
}

function findLineEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === lineFeed || byte === carriageReturn) return at;
  }
  return -1;
}

/** Whether the line is a field of this name, with or without a value. */
function isField(bytes: Uint8Array, lineStart: number, lineEnd: number, name: Uint8Array): boolean {
  const nameEnd = lineStart + name.length;
  if (nameEnd > lineEnd || !startsWith(bytes, lineStart, name)) return false;
  return nameEnd === lineEnd || bytes[nameEnd] === colon;
}

/** Whether a first line is a comment or a field, or the beginning of one that was cut. */
function opensStream(bytes: Uint8Array, lineStart: number, lineEnd: number): boolean {
  if (lineStart >= lineEnd || bytes[lineStart] === colon) return true;
  for (const field of openingFields) {
    const known = field.subarray(0, lineEnd - lineStart);
    const next = lineStart + known.length;
    if (startsWith(bytes, lineStart, known) && (next === lineEnd || bytes[next] === colon)) return true;
  }
  return false;
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let offset = 0; offset < expected.length; offset++) if (bytes[at + offset] !== expected[offset]) return false;
  return true;
}

/** `lines` holds the start and the end of each data line, counted from the event's start. */
function joinLines(bytes: Uint8Array, eventStart: number, lines: readonly number[]): EventData | null {
  const [firstStart, firstEnd] = lines;
  if (firstStart === undefined || firstEnd === undefined) return null;
  if (lines.length === 2) return { bytes, start: eventStart + firstStart, end: eventStart + firstEnd };
  const views: Uint8Array[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    views.push(bytes.subarray(eventStart + (lines[at] as number), eventStart + (lines[at + 1] as number)));
  }
  const length = views.reduce((total, view) => total + view.length + 1, -1);
  const joined = new Uint8Array(length).fill(lineFeed);
  let written = 0;
  for (const view of views) {
    joined.set(view, written);
    written += view.length + 1;
  }
  return { bytes: joined, start: 0, end: length };
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
