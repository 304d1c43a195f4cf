import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { withSystemRoles } from "./system-roles.ts";

function rename(text: string): string | null {
  const renamed = withSystemRoles(encodeUtf8(text), JSON.parse(text));
  return renamed === null ? null : decodeUtf8(renamed);
}

test("renames the role and leaves every other byte alone", () => {
  const text = String.raw`[ {"content":"\"role\":\"developer\" é", "role" : "developer", "x":1e3} ,{"role":"user","content":"developer"}]`;
  expect(rename(text)).toBe(text.replace('"role" : "developer"', '"role" : "system"'));
});

test("renames every one of several, doubled keys and escapes included", () => {
  expect(rename(String.raw`[{"role":"user","role":"developer"},{"rol\u0065":"d\u0065veloper"}]`)).toBe(
    String.raw`[{"role":"system","role":"system"},{"rol\u0065":"system"}]`,
  );
});

test("has nothing to do without that role", () => {
  expect(rename('[{"role":"system","content":"developer"}]')).toBeNull();
  expect(withSystemRoles(encodeUtf8("7"), 7)).toBeNull();
});
