import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify } from "../registry.ts";

const traits = { inputTokensExpected: 100, tools: false, jsonSchema: false };
const taskOf = (lastMessage: string, more = {}) =>
  classify("words", { instructions: "", lastMessage, turns: 1 }, { ...traits, ...more });

describe("classifyByWords", () => {
  it.each([
    ["Hello, how are you today?", "chat"],
    ["Extract all names, dates and amounts from this invoice.", "extraction"],
    ["Summarise the minutes of this meeting in three bullet points.", "summarisation"],
    ["Refactor this function:\n```ts\nconst a = 1;\n```", "code"],
    ["Translate this letter into French.", "translation"],
    ["Prove that there are infinitely many primes, step by step, and explain why.", "reasoning"],
    ["Write a poem about autumn in the style of Rilke.", "creative"],
    ["Classify the sentiment of this review as positive or negative.", "classification"],
  ])("takes %j for %s", (text, taskClass) => {
    const result = taskOf(text);
    expect(result.taskClass).toBe(taskClass);
    expect(result.cues.length).toBeGreaterThan(0);
  });

  it.each(["", "12345", "Übersetze diesen Brief ins Französische.", "これを要約してください"])(
    "abstains from %j",
    (text) => {
      expect(taskOf(text)).toMatchObject({ taskClass: null, complexity: null });
    },
  );

  it("abstains from the task where two are as likely, and still says how hard it is", () => {
    const result = taskOf("Translate and summarise this.");
    expect(result.taskClass).toBeNull();
    expect(result.complexity).toBeGreaterThan(0);
  });

  it("finds longer prompts with more demands harder", () => {
    const easy = taskOf("Hello, how are you?", { inputTokensExpected: 20 });
    const hard = taskOf(
      "Solve this optimisation: you must minimise the cost, must never pass 3 * 4 units, and should explain each step.\n- first\n- second\n- third",
      { inputTokensExpected: 6_000, tools: true },
    );
    expect(easy.complexity).toBeLessThan(0.2);
    expect(hard.complexity).toBeGreaterThan(0.6);
  });

  it("never throws, and keeps complexity between 0 and 1", () => {
    const arbitraryText = fc.string({ unit: "binary", maxLength: 8_000 });
    fc.assert(
      fc.property(
        arbitraryText,
        arbitraryText,
        fc.nat(),
        fc.nat(),
        (instructions, lastMessage, turns, inputTokensExpected) => {
          const { complexity } = classify(
            "words",
            { instructions, lastMessage, turns },
            { ...traits, inputTokensExpected },
          );
          expect(complexity === null || (complexity >= 0 && complexity <= 1)).toBe(true);
        },
      ),
    );
  });
});
