import { describe, expect, it } from "vitest";
import { readModelIds } from "./read-model-ids.ts";

describe("readModelIds", () => {
  it("reads the ids of a model list, whatever else it carries", () => {
    expect(readModelIds('{"object":"list","data":[{"id":"a","owned_by":"x"},{"id":"b"}]}')).toEqual(["a", "b"]);
  });

  it("keeps a list and its names within bounds", () => {
    const data = Array.from({ length: 2_000 }, () => ({ id: "x".repeat(5_000) }));
    const ids = readModelIds(JSON.stringify({ data }))!;
    expect([ids.length, ids[0]?.length]).toEqual([500, 200]);
  });

  it.each(["", "<html>", "[]", '{"data":{}}', '{"data":[{"id":1}]}'])("takes %j for no list", (text) => {
    expect(readModelIds(text)).toBeNull();
  });
});
