import { describe, expect, it } from "vitest";
import { countTokens, endOfTokens, splitByTokens } from "./count-tokens.ts";
import { Dice } from "./dice.ts";

const ALPHABET = ["a", "Z", "7", "longestword", " ", "  ", "\n", "\t", ".", "-", "é", "東", "🚂", "\ud800", '"', "\\"];

function randomTexts(count: number): string[] {
  const dice = new Dice([1, 2, 3, 4]);
  return Array.from({ length: count }, () => {
    let text = "";
    for (let part = dice.nextInteger(0, 30); part > 0; part -= 1)
      text += ALPHABET[dice.nextInteger(0, ALPHABET.length - 1)];
    return text;
  });
}

describe("countTokens", () => {
  it.each([
    ["", 0],
    ["word", 1],
    ["eightone", 1],
    ["ninechars", 2],
    ["two words", 2],
    ["two  words", 3],
    ["one.", 2],
    ["line\n\nline", 3],
    ["tail ", 2],
    [" 東京", 3],
    ["🚂", 1],
    ["naïve", 3],
    [" ".repeat(17), 2],
  ])("counts %j as %i", (text, tokens) => {
    expect(countTokens(text)).toBe(tokens);
  });

  it("never counts more tokens than UTF-8 bytes", () => {
    for (const text of randomTexts(2_000)) expect(countTokens(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
  });
});

describe("splitByTokens", () => {
  it("cuts a text into pieces that join to it and whose tokens add up", () => {
    for (const text of randomTexts(500)) {
      for (const size of [1, 2, 7]) {
        const pieces = [...splitByTokens(text, size)];
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        expect(pieces.reduce((sum, piece) => sum + piece.tokens, 0)).toBe(countTokens(text));
        for (const piece of pieces) expect(countTokens(piece.text)).toBe(piece.tokens);
      }
    }
  });
});

describe("endOfTokens", () => {
  it("finds the end of so many tokens, and the end of a shorter text", () => {
    expect("one two three".slice(0, endOfTokens("one two three", 0, 2))).toBe("one two");
    expect(endOfTokens("one two", 0, 9)).toBe(7);
  });
});
