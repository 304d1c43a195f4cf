import { describe, expect, test } from "vitest";
import { readRequest } from "../testing/read-request.ts";
import { readEmbeddingsFacts } from "./request-facts.ts";

function embeddingsFacts(fields: unknown) {
  const { parsed, members } = readRequest(JSON.stringify(fields));
  return readEmbeddingsFacts(parsed, members.end - members.start);
}

describe("readEmbeddingsFacts", () => {
  test.each<[unknown, object]>([
    ["some text of forty characters, more or less", { inputs: 1, inputTokensAtLeast: 5 }],
    [["a", "a longer text than the other one"], { inputs: 2, inputTokensAtLeast: 4 }],
    [[1, 2, 3], { inputs: 1, inputTokensAtLeast: 3 }],
    [[[1, 2, 3], [4]], { inputs: 2, inputTokensAtLeast: 3 }],
  ])("reads the input %j", (input, expected) => {
    expect(embeddingsFacts({ model: "e", input })).toMatchObject({
      ok: true,
      facts: { model: "e", user: null, ...expected },
    });
  });

  test.each([
    [undefined],
    [null],
    [5],
    [{}],
    [[]],
    [[1, "a"]],
    [["a", 1]],
    [[[]]],
    [[[1], "a"]],
    [[1.5]],
    [[-1]],
    [[null]],
  ])("refuses the input %j", (input) => {
    expect(embeddingsFacts({ model: "e", input })).toMatchObject({ ok: false, param: "input" });
  });

  test("refuses a missing model and a user of another type", () => {
    expect(embeddingsFacts({ input: "a" })).toMatchObject({ ok: false, param: "model" });
    expect(embeddingsFacts({ model: "e", input: "a", user: 5 })).toMatchObject({ ok: false, param: "user" });
  });

  test("bounds tokens by the size of the body", () => {
    const reading = embeddingsFacts({ model: "e", input: ["äö", "x"] });
    expect(reading.ok && reading.facts.inputTokensAtMost).toBeGreaterThanOrEqual(4 + 1 + 2 * 8);
  });
});
