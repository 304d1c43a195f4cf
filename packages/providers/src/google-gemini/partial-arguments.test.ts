import { expect, test } from "vitest";
import { PartialArguments } from "./partial-arguments.ts";

function put(partials: readonly object[]): string | null {
  const args = new PartialArguments();
  return args.add(partials) ? args.toJson() : null;
}

test.each([
  ["nothing", [], "{}"],
  [
    "a text in pieces, with another value between them",
    [
      { jsonPath: "$.city", stringValue: "Ber", willContinue: true },
      { jsonPath: "$.days", numberValue: 3 },
      { jsonPath: "$.city", stringValue: "gen" },
    ],
    '{"city":"Bergen","days":3}',
  ],
  [
    "members within lists",
    [
      { jsonPath: "$.stops[0].name", stringValue: "A" },
      { jsonPath: "$.stops[1]['street name']", stringValue: "B" },
      { jsonPath: "$.open", boolValue: false },
      { jsonPath: "$.end", nullValue: "NULL_VALUE" },
    ],
    '{"stops":[{"name":"A"},{"street name":"B"}],"open":false,"end":null}',
  ],
  [
    "a name that means something to JavaScript",
    [{ jsonPath: "$.__proto__.x", numberValue: 1 }],
    '{"__proto__":{"x":1}}',
  ],
  ["a text that is announced and never comes", [{ jsonPath: "$.city", willContinue: true }], "{}"],
])("puts together %s", (_what, partials, expected) => {
  expect(put(partials)).toBe(expected);
});

test.each([
  [[{ jsonPath: "city", stringValue: "x" }]],
  [[{ jsonPath: "$", stringValue: "x" }]],
  [[{ jsonPath: "$.a[99999]", stringValue: "x" }]],
  [[{ jsonPath: "$[0]", stringValue: "x" }]],
  [
    [
      { jsonPath: "$.a", stringValue: "x" },
      { jsonPath: "$.a.b", stringValue: "x" },
    ],
  ],
  [[{ stringValue: "x" }]],
])("refuses %j", (partials) => {
  expect(put(partials)).toBeNull();
});
