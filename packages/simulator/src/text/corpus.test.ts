import { describe, expect, it } from "vitest";
import { Corpus } from "./corpus.ts";
import { countTokens } from "./count-tokens.ts";
import { Dice } from "./dice.ts";

const dice = (): Dice => new Dice([5, 6, 7, 8]);

describe("Corpus", () => {
  it("composes exactly as many tokens as asked for, also more than it holds", () => {
    const corpus = new Corpus("seed");
    const draws = dice();
    for (let tokens = 0; tokens <= 300; tokens += 1) expect(countTokens(corpus.compose(tokens, draws))).toBe(tokens);
    expect(countTokens(corpus.compose(100_000, draws))).toBe(100_000);
  });

  it("begins with a sentence", () => {
    const corpus = new Corpus("seed");
    const draws = dice();
    for (let text = 0; text < 50; text += 1) expect(corpus.compose(20, draws)).toMatch(/^[A-Z][a-z]* /);
  });

  it("depends on the seed and the draws alone", () => {
    const text = new Corpus("seed").compose(80, dice());
    expect(new Corpus("seed").compose(80, dice())).toBe(text);
    expect(new Corpus("other").compose(80, dice())).not.toBe(text);
    expect(new Corpus("seed").compose(80, new Dice([8, 7, 6, 5]))).not.toBe(text);
  });

  it("contains characters that JSON escapes and that UTF-8 writes in several bytes", () => {
    const text = new Corpus("seed").compose(20_000, dice());
    for (const awkward of ['"', "\\", "\n", "ï", "東", "🚂"]) expect(text).toContain(awkward);
  });
});
