import { describe, expect, it } from "vitest";
import { generateMasterKey, parseMasterKeyring } from "./master-key.ts";
import { claimKeyOf, openAnswer, requestDigests, sealAnswer } from "./sealed-answer.ts";

const first = generateMasterKey();
const second = generateMasterKey();
const before = parseMasterKeyring(first);
const after = parseMasterKeyring(`${second},${first}`);
const name = { virtualKeyId: "key_1", endpoint: "/v1/chat/completions", idempotencyKey: "order-7" };
const answer = Buffer.from("the answer");

describe("a sealed answer", () => {
  it("opens for the same name, also after the master key was rotated", () => {
    const sealed = sealAnswer(before, name, "request-1", answer);
    expect(sealed.includes("answer")).toBe(false);
    expect(openAnswer(before, name, "request-1", sealed)).toEqual(answer);
    expect(openAnswer(after, name, "request-1", sealed)).toEqual(answer);
  });

  it.each([
    ["another key of the client", { ...name, idempotencyKey: "order-8" }, "request-1"],
    ["another virtual key", { ...name, virtualKeyId: "key_2" }, "request-1"],
    ["another endpoint", { ...name, endpoint: "/v1/embeddings" }, "request-1"],
    ["another call", name, "request-2"],
  ])("does not open for %s", (_case, otherName, requestId) => {
    const sealed = sealAnswer(before, name, "request-1", answer);
    expect(openAnswer(before, otherName, requestId, sealed)).toBeNull();
  });

  it("does not open when it was cut or changed", () => {
    const sealed = sealAnswer(before, name, "request-1", answer);
    expect(openAnswer(before, name, "request-1", sealed.subarray(0, 20))).toBeNull();
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(openAnswer(before, name, "request-1", sealed)).toBeNull();
  });
});

it("names claims apart by each part of their name, under any master key", () => {
  expect(claimKeyOf(name)).toHaveLength(32);
  expect(claimKeyOf({ ...name })).toEqual(claimKeyOf(name));
  expect(claimKeyOf({ ...name, endpoint: "/v1/chat" })).not.toEqual(claimKeyOf(name));
});

it("tells bodies apart, and knows one again after a rotation", () => {
  const [digest] = requestDigests(before, name, [Buffer.from("ab"), Buffer.from("c")]);
  expect(requestDigests(after, name, [Buffer.from("ab"), Buffer.from("c")])).toContain(digest);
  expect(requestDigests(before, name, [Buffer.from("a"), Buffer.from("bc")])).not.toContain(digest);
});
