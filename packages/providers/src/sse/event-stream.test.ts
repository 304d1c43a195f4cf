import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { EventStream } from "./event-stream.ts";

interface Seen {
  readonly events: { readonly data: string | null; readonly isError: boolean }[];
  /** What all events together were cut from. */
  readonly covered: Uint8Array[];
  isRefused: boolean;
}

function readEvents(chunks: readonly Uint8Array[], maxEventBytes = 1_000): Seen {
  const seen: Seen = { events: [], covered: [], isRefused: false };
  const stream = new EventStream(
    {
      onEvent({ bytes, start, end, data, isError }) {
        seen.covered.push(bytes.slice(start, end));
        seen.events.push({ data: data && decodeUtf8(data.bytes, data.start, data.end), isError });
      },
      onLateLineFeed: (lineFeed) => seen.covered.push(lineFeed),
      onUnreadable: () => (seen.isRefused = true),
    },
    maxEventBytes,
  );
  for (const chunk of chunks) stream.push(chunk);
  const unfinished = stream.takeUnfinished();
  if (unfinished) seen.covered.push(unfinished.bytes.slice(unfinished.start, unfinished.end));
  return seen;
}

function dataOf(text: string): (string | null)[] {
  return readEvents([encodeUtf8(text)]).events.map(({ data }) => data);
}

/** The specification's own algorithm over the whole text, except that a field named `error` has data too. */
function specifiedData(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  for (const line of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .slice(0, -1)) {
    if (line === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
    } else {
      const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) as RegExpExecArray;
      if (field === "data" || field === "error") data.push(value);
    }
  }
  return events;
}

const line = fc.oneof(
  fc.constantFrom("data", "data:", "data: ", "data: x", "data:x", "data:  x", "datum: x", ": comment", "event: error"),
  fc.constantFrom("event: message", "id: 7", "retry: 1", "error: {}", "", "", "", "data: é✓😀", "data: [DONE]", "x"),
);
const text = fc
  .tuple(
    fc.constantFrom("", "\uFEFF"),
    fc.constantFrom(": hello\n", "id: 7\r\n", "retry: 1\r", "data: x\n", "event\r\n"),
    fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 30 }),
    line,
  )
  .map(([mark, first, lines, last]) => mark + first + lines.map((parts) => parts.join("")).join("") + last);
const places = fc.array(fc.nat(500), { maxLength: 12 });

describe("EventStream", () => {
  test("reads what the specification says, wherever the bytes are cut", () => {
    fc.assert(
      fc.property(text, places, (whole, cuts) => {
        const bytes = encodeUtf8(whole);
        const seen = readEvents(splitBytes(bytes, cuts));
        expect(seen.events.map(({ data }) => data).filter((data) => data !== null)).toEqual(specifiedData(whole));
        expect(seen.events).toEqual(readEvents([bytes]).events);
        expect(joinBytes(seen.covered)).toEqual(bytes);
      }),
      { numRuns: 3_000 },
    );
  });

  test("gives the same events when every byte comes alone", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const bytes = encodeUtf8(whole);
        const alone = readEvents(splitBytes(bytes, [...bytes.keys()]));
        expect(alone.events).toEqual(readEvents([bytes]).events);
        expect(joinBytes(alone.covered)).toEqual(bytes);
      }),
    );
  });

  test("joins data lines, drops one space, and knows events without data", () => {
    expect(dataOf("data: a\ndata:  b\ndata\n\n: ping\n\ndata: c\n\ndata: unfinished\n")).toEqual([
      "a\n b\n",
      null,
      "c",
    ]);
  });

  test.each([
    ["event: error\ndata: {}\n\n", true],
    ["event:error\n\n", true],
    ['error: {"message":"lost"}\n\n', true],
    ["event: errors\ndata: {}\n\n", false],
    ["event: message\ndata: error\n\n", false],
    ["data: {}\n\n", false],
  ])("tells error events from others: %j", (whole, isError) => {
    expect(readEvents([encodeUtf8(whole)]).events).toMatchObject([{ isError }]);
  });

  test("starts afresh after every event", () => {
    const events = readEvents([encodeUtf8("event: error\ndata: a\n\ndata: b\n\n")]).events;
    expect(events).toEqual([
      { data: "a", isError: true },
      { data: "b", isError: false },
    ]);
  });

  test.each([-1, 0, 1])("bounds an event: %i beyond the limit", (beyond) => {
    const event = `data: ${"x".repeat(94 + beyond - 1)}\n`;
    const bytes = encodeUtf8(`data: first\n\n${event}\ndata: last\n\n`);
    const expected = beyond > 0 ? { isRefused: true, events: [{ data: "first" }] } : { isRefused: false };
    for (const cuts of [[], [30], [...bytes.keys()]])
      expect(readEvents(splitBytes(bytes, cuts), 100)).toMatchObject(expected);
  });

  test.each([
    "<!DOCTYPE html>\n\n<p>Sign in</p>\n",
    "\n\r\n<html>",
    "upstream connect error, reset reason: overflow",
    "database: down\n\n",
  ])("refuses what is no event stream: %j", (page) => {
    const bytes = encodeUtf8(`${page}\n\ndata: {}\n\n`);
    for (const cuts of [[], [3], [...bytes.keys()]]) {
      const seen = readEvents(splitBytes(bytes, cuts));
      expect(seen).toMatchObject({ isRefused: true });
      expect(seen.events.filter(({ data }) => data !== null)).toEqual([]);
    }
    expect(readEvents([encodeUtf8(page)])).toMatchObject({ isRefused: true });
  });

  test.each(["da", "data", "\uFEFFeve", ":", "id", "\n\nretr", ""])("waits for the rest of %j", (cut) => {
    expect(readEvents([encodeUtf8(cut)])).toMatchObject({ isRefused: false });
  });

  test("does not keep an endless line", () => {
    const chunk = encodeUtf8("x".repeat(500));
    const seen = readEvents(Array.from({ length: 50 }, () => chunk));
    expect(seen).toEqual({ events: [], covered: [], isRefused: true });
  });
});
