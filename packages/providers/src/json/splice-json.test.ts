import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { scanTopLevel, type ScannedObject } from "./scan-top-level.ts";
import { spliceMembers } from "./splice-json.ts";

function scanned(bytes: Uint8Array): ScannedObject {
  const scan = scanTopLevel(bytes);
  if (!scan.ok) throw new Error(scan.message);
  return scan.object;
}

function splice(text: string, changes: Record<string, string>): string {
  const bytes = encodeUtf8(text);
  const values = new Map(Object.entries(changes).map(([key, json]) => [key, encodeUtf8(json)]));
  return decodeUtf8(spliceMembers(bytes, scanned(bytes), values));
}

describe("spliceMembers", () => {
  test.each<[string, Record<string, string>, string]>([
    ['{ "model" : "a" , "n":1 }', { model: '"bb"' }, '{ "model" : "bb" , "n":1 }'],
    ['{"n":1,"model":"a"}', { model: '"b"', n: "2" }, '{"n":2,"model":"b"}'],
    ['{"n":1}', { a: "1", b: "2" }, '{"n":1,"a":1,"b":2}'],
    ["{}", { a: "1", b: "2" }, '{"a":1,"b":2}'],
    ["{ }", { a: "1" }, '{ "a":1}'],
    [' {"n":1}\n', { n: "null", a: "1" }, ' {"n":null,"a":1}\n'],
    [String.raw`{"mod\u0065l":"a"}`, { model: '"b"' }, String.raw`{"mod\u0065l":"b"}`],
    ['{"é":"日本"}', { é: '"ü"' }, '{"é":"ü"}'],
  ])("turns %s with %j into %s", (text, changes, expected) => {
    expect(splice(text, changes)).toBe(expected);
  });

  test("gives back the same array when nothing changes", () => {
    const bytes = encodeUtf8('{"a":1}');
    expect(spliceMembers(bytes, scanned(bytes), new Map())).toBe(bytes);
  });

  test("changes the members named and no other", () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true, maxKeys: 6 });
    fc.assert(
      fc.property(value, value, (original, changes) => {
        const json = Object.fromEntries(Object.entries(changes).map(([key, member]) => [key, JSON.stringify(member)]));
        const result = JSON.parse(splice(JSON.stringify(original, null, 1), json)) as object;
        const expected = new Map([
          ...Object.entries(JSON.parse(JSON.stringify(original)) as object),
          ...Object.entries(JSON.parse(JSON.stringify(changes)) as object),
        ]);
        expect(new Map(Object.entries(result))).toEqual(expected);
      }),
    );
  });
});
