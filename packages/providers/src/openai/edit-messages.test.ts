import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { editMessages } from "./edit-messages.ts";

const strict = { developerRole: false, refusedMessageMembers: ["reasoning_content", "reasoning_details"] };

function edit(text: string, dialect = strict): string | null {
  const edited = editMessages(encodeUtf8(text), JSON.parse(text), dialect);
  return edited === null ? null : decodeUtf8(edited);
}

test("renames the role and leaves every other byte alone", () => {
  const text = String.raw`[ {"content":"\"role\":\"developer\" é", "role" : "developer", "x":1e3} ,{"role":"user","content":"developer"}]`;
  expect(edit(text)).toBe(text.replace('"role" : "developer"', '"role" : "system"'));
});

test("takes out reasoning that another provider gave, and nothing else", () => {
  const text =
    '[{"role":"user","content":"1e2"}, {"reasoning_content":"a","role":"assistant", "content":"b" ,"reasoning_details":[{}]} ]';
  expect(edit(text)).toBe('[{"role":"user","content":"1e2"}, {"role":"assistant", "content":"b"} ]');
});

test("reads doubled keys as JSON.parse does, and escapes as what they spell", () => {
  expect(edit(String.raw`[{"role":"user","role":"developer"},{"rol\u0065":"d\u0065veloper"}]`)).toBe(
    String.raw`[{"role":"system"},{"rol\u0065":"system"}]`,
  );
});

test("has nothing to do where nothing is refused", () => {
  expect(edit('[{"role":"system","content":"developer"}]')).toBeNull();
  const open = { developerRole: true, refusedMessageMembers: [] };
  expect(edit('[{"role":"developer","reasoning_content":"a"},7]', open)).toBeNull();
  expect(editMessages(encodeUtf8("7"), 7, strict)).toBeNull();
});
