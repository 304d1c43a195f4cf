import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { defaultScanLimits, scanTopLevel } from "./scan-top-level.ts";

function scanText(text: string) {
  return scanTopLevel(encodeUtf8(text));
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The keys that the scan found, or why it refused. */
function outcomeOf(text: string): ReadonlySet<string> | string {
  const scan = scanText(text);
  return scan.ok ? new Set(scan.object.members.keys()) : scan.problem;
}

function expectedOutcomeOf(text: string): ReadonlySet<string> | string {
  if (!parses(text)) return "not_json";
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Set(Object.keys(value))
    : "not_an_object";
}

/** JSON as people and machines write it: compact, indented, with odd white space and odd keys. */
const jsonText = fc
  .tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2, "\t"))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe("scanTopLevel", () => {
  test("accepts exactly the objects that JSON.parse accepts, however a text is damaged", () => {
    const damage = fc.record({
      at: fc.nat(400),
      remove: fc.nat(3),
      insert: fc.constantFrom(
        "",
        '"',
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\\u00",
        "0",
        "-",
        ".",
        "e",
        "tru",
        "\n",
        "\u0001",
      ),
    });
    fc.assert(
      fc.property(jsonText, fc.array(damage, { maxLength: 2 }), (original, damages) => {
        let text = `{"first":${original},"last":0}`;
        for (const { at, remove, insert } of damages) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        const outcome = outcomeOf(text);
        // Whether a key occurs twice is something that JSON.parse cannot tell.
        fc.pre(outcome !== "duplicate_key");
        expect(outcome).toEqual(expectedOutcomeOf(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test("never throws on bytes that are not even text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        const bytes = Uint8Array.from([...encodeUtf8('{"a":"'), ...noise, ...encodeUtf8('"}')]);
        expect(scanTopLevel(bytes).ok && !parses(decodeUtf8(bytes))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test("gives the exact bytes of each value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
        const bytes = encodeUtf8(JSON.stringify(value, null, 1));
        const scan = scanTopLevel(bytes);
        if (!scan.ok) throw new Error(scan.message);
        const read = [...scan.object.members].map(([key, { keyStart, keyEnd, valueStart, valueEnd }]) => {
          expect(JSON.parse(decodeUtf8(bytes, keyStart, keyEnd))).toBe(key);
          return [key, JSON.parse(decodeUtf8(bytes, valueStart, valueEnd)) as unknown];
        });
        expect(new Map(read as [string, unknown][])).toEqual(
          new Map(Object.entries(JSON.parse(JSON.stringify(value)))),
        );
      }),
    );
  });

  test("decodes escaped keys before it compares them", () => {
    const scan = scanText(String.raw`{"mod\u0065l":"a"}`);
    expect(scan.ok && [...scan.object.members.keys()]).toEqual(["model"]);
    expect(scanText(String.raw`{"mod\u0065l":"a","model":"b"}`)).toMatchObject({ ok: false, problem: "duplicate_key" });
  });

  test("keeps __proto__ an ordinary key", () => {
    const scan = scanText('{"__proto__":{"model":"x"},"constructor":1}');
    expect(scan.ok && [...scan.object.members.keys()]).toEqual(["__proto__", "constructor"]);
  });

  test.each([
    ["", "not_json"],
    ["   ", "not_json"],
    ["{", "not_json"],
    ['{"a":1}x', "not_json"],
    ['{"a":1}{}', "not_json"],
    ['{"a":1,}', "not_json"],
    ['{"a":[1,]}', "not_json"],
    ["{a:1}", "not_json"],
    ['{"a":01}', "not_json"],
    ['{"a":1.}', "not_json"],
    ['{"a":NaN}', "not_json"],
    ['{"a":"\n"}', "not_json"],
    [String.raw`{"a":"\x"}`, "not_json"],
    ['{"a":"unfinished', "not_json"],
    ['{"a":é}', "not_json"],
    ["é", "not_json"],
    ["[]", "not_an_object"],
    ["null", "not_an_object"],
    ['"text"', "not_an_object"],
    ['\u{FEFF}{"a":1}', "byte_order_mark"],
    ['{"a":1,"a":2}', "duplicate_key"],
  ])("refuses %j as %s", (text, problem) => {
    const scan = scanText(text);
    expect(scan).toMatchObject({ ok: false, problem });
    expect(!scan.ok && scan.message).toMatch(/^The .*\.$/);
  });

  test("refuses a string that is not UTF-8, in keys and in values", () => {
    for (const sequence of [[0x80], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0xaf]]) {
      const value = Uint8Array.from([...encodeUtf8('{"a":"'), ...sequence, ...encodeUtf8('"}')]);
      const key = Uint8Array.from([...encodeUtf8('{"'), ...sequence, ...encodeUtf8('":1}')]);
      expect(scanTopLevel(value)).toMatchObject({ ok: false, problem: "invalid_utf8" });
      expect(scanTopLevel(key)).toMatchObject({ ok: false, problem: "invalid_utf8" });
    }
  });

  test.each([-1, 0, 1])("limits depth: %i beyond the limit", (beyond) => {
    const depth = defaultScanLimits.maxDepth + beyond;
    const text = `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    const expected = beyond > 0 ? { ok: false, problem: "too_deep" } : { ok: true };
    expect(scanText(text)).toMatchObject(expected);
  });

  test.each([-1, 0, 1])("limits keys, nested ones counted: %i beyond the limit", (beyond) => {
    const keys = defaultScanLimits.maxKeys + beyond;
    const text = `{"a":[${Array.from({ length: keys - 1 }, (_, index) => `{"k":${index}}`).join(",")}]}`;
    const expected = beyond > 0 ? { ok: false, problem: "too_many_keys" } : { ok: true };
    expect(scanText(text)).toMatchObject(expected);
  });

  test("stops a depth bomb at the limit, without reading on", () => {
    expect(scanText("[".repeat(2_000_000))).toMatchObject({
      ok: false,
      problem: "too_deep",
      at: defaultScanLimits.maxDepth,
    });
  });
});
