import { expect, it, onTestFinished } from "vitest";
import { TokenCounter } from "./token-counter.ts";

function counter(options: ConstructorParameters<typeof TokenCounter>[0] = {}): TokenCounter {
  const created = new TokenCounter({ patienceMs: 30_000, ...options });
  onTestFinished(() => created.close());
  return created;
}

// Counts published with tiktoken's own tests and cookbook.
it.each([
  ["o200k_base", "hello world", 2],
  ["cl100k_base", "hello world", 2],
  ["cl100k_base", "お誕生日おめでとう", 9],
  ["o200k_base", "お誕生日おめでとう", 8],
  ["cl100k_base", "antidisestablishmentarianism", 6],
] as const)("%s makes of %s %d tokens", async (encoding, text, tokens) => {
  expect(await counter().count([text], encoding)).toBe(tokens);
});

it("adds texts up, and takes the names of special tokens for text", async () => {
  const counted = counter();
  expect(await counted.count(["hello world", "", "hello world"], "o200k_base")).toBe(4);
  expect(await counted.count(["<|endoftext|>"], "o200k_base")).toBeGreaterThan(1);
});

it("gives up on a text that is made to keep it busy, and counts the next one", async () => {
  const impatient = counter({ patienceMs: 1 });
  expect(await impatient.count(["a".repeat(1_000_000)], "o200k_base")).toBeNull();
  const patient = counter();
  const [endless, closed] = [patient.count(["a".repeat(5_000_000)], "o200k_base"), patient.close()];
  await closed;
  expect(await endless).toBeNull();
  expect(await patient.count(["hello world"], "o200k_base")).toBe(2);
});

it("takes no more than it can hold", async () => {
  const busy = counter();
  const counts = Array.from({ length: 65 }, () => busy.count(["hello"], "o200k_base"));
  expect(await counts.at(-1)).toBeNull();
  expect(await counts[0]).toBe(1);
});
