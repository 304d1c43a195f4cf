import { describe, expect, it } from "vitest";
import { insertInto } from "./insert-rows.ts";

describe("insertInto", () => {
  const statement = insertInto<{ id: string; at: number; tags: string[]; because: object; note?: string }>(
    "log",
    [
      { name: "id", type: "uuid", valueOf: (row) => row.id },
      { name: "at", type: "instant", valueOf: (row) => row.at },
      { name: "tags", type: "texts", valueOf: (row) => row.tags },
      { name: "because", type: "jsonb", valueOf: (row) => row.because },
      { name: "note", type: "text", valueOf: (row) => row.note },
    ],
    "ON CONFLICT DO NOTHING",
  );

  it("reads a parameter a column", () => {
    expect(statement.text).toBe(
      "INSERT INTO log (id, at, tags, because, note) " +
        "SELECT given.id, to_timestamp(given.at / 1000), given.tags::text[], given.because, given.note " +
        "FROM unnest($1::uuid[], $2::double precision[], $3::text[], $4::jsonb[], $5::text[]) " +
        "AS given(id, at, tags, because, note) ON CONFLICT DO NOTHING",
    );
  });

  it("sends arrays as the server writes them, and arrays of texts and JSON as text in them", () => {
    const rows = [
      { id: "a", at: 1.5, tags: ["x=1", 'say "yes"'], because: [] },
      { id: "b", at: 2, tags: [], because: { code: "c\\d" }, note: "NULL, {} or ''" },
    ];
    expect(statement.valuesOf(rows)).toEqual([
      `{"a","b"}`,
      `{1.5,2}`,
      String.raw`{"{\"x=1\",\"say \\\"yes\\\"\"}","{}"}`,
      String.raw`{"[]","{\"code\":\"c\\\\d\"}"}`,
      `{NULL,"NULL, {} or ''"}`,
    ]);
  });
});
