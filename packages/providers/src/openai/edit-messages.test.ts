import { expect, test } from "vitest";
import { shortId } from "../parameters/short-ids.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { editMessages } from "./edit-messages.ts";

const strict = {
  developerRole: false,
  refusedMessageMembers: ["reasoning_content", "reasoning_details"],
  shortCallIds: false,
};

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
  const open = { developerRole: true, refusedMessageMembers: [], shortCallIds: true };
  expect(edit('[{"role":"developer","reasoning_content":"a"},7]', open)).toBeNull();
  expect(editMessages(encodeUtf8("7"), 7, strict)).toBeNull();
});

test("shortens ids of calls, alike in a call and in its result, and keeps those that are short", () => {
  const call = (id: string) => `{"id":"${id}","type":"function","function":{"name":"f","arguments":"{}"}}`;
  const text = (first: string, second: string) =>
    `[ {"role":"assistant", "content":null,"tool_calls":[${call(first)},${call(second)}]}, {"role":"tool", "tool_call_id":"${first}","content":"1e2"},{"tool_call_id":"${second}","role":"tool","content":"b"}]`;
  const short = { developerRole: true, refusedMessageMembers: [], shortCallIds: true };
  const edited = edit(text("call_a1", "X9b2LqPz0"), short);
  const [, first] = /"tool_call_id":"([a-zA-Z0-9]{9})","content":"1e2"/.exec(edited ?? "") ?? [];
  expect(edited).toBe(text(first ?? "", "X9b2LqPz0"));
  expect(edit(text("abcdefgh1", "X9b2LqPz0"), short)).toBeNull();
});

test("gives different ids to different calls", () => {
  const ids = Array.from({ length: 20_000 }, (_, number) => shortId(`call_${number}`));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[a-zA-Z0-9]{9}$/.test(id))).toBe(true);
  expect(shortId("call_7")).toBe(ids[7]);
});
