import { expect, test } from "vitest";
import { tokenCount } from "./token-count.ts";

test.each([
  [0, 0],
  [12, 12],
  ["12", 12],
  ["0", 0],
  ["1000000000000", 1_000_000_000_000],
])("%j is a count", (told, count) => {
  expect(tokenCount(told)).toBe(count);
});

const none = [
  -1,
  1.5,
  NaN,
  Infinity,
  2 ** 53,
  "",
  " 12",
  "12 ",
  "-1",
  "+1",
  "1.0",
  "1e3",
  "0x1f",
  "١٢",
  "1000000000001",
];

test.each([...none, null, undefined, true, [], ["12"], {}])("%j is none", (told) => {
  expect(tokenCount(told)).toBeNull();
});
