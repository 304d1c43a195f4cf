import { describe, expect, it } from "vitest";
import { beforeInstant, nameCursor, toPage } from "./keyset.ts";

const rows = ["a", "b", "c"].map((name) => ({ name, id: `id-${name}` }));
const page = (limit: number) =>
  toPage(
    rows,
    limit,
    ({ name, id }) => [name, id],
    ({ name }) => name,
  );

describe("toPage", () => {
  it("has a cursor while there is more, and none on the last page", () => {
    expect(page(3)).toEqual({ items: ["a", "b", "c"], nextCursor: null });
    const first = page(2);
    expect(first.items).toEqual(["a", "b"]);
    expect(nameCursor(first.nextCursor!)).toEqual({ name: "b", id: "id-b" });
  });

  it("carries instants exactly", () => {
    const at = new Date("2026-06-15T12:00:00.123Z");
    const { nextCursor } = toPage(
      [{ at }, { at }],
      1,
      () => [at, "x"],
      () => null,
    );
    expect(beforeInstant(nextCursor!)).toEqual({ at, id: "x" });
  });
});

describe("a cursor", () => {
  it.each([
    "",
    "!",
    "bm90IGpzb24",
    Buffer.from('{"a":1}').toString("base64url"),
    Buffer.from("[1,2]").toString("base64url"),
  ])("that is not ours is refused: %j", (cursor) => {
    expect(() => nameCursor(cursor)).toThrow("cursor");
  });
});
