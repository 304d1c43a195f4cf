import { expect, it } from "vitest";
import { tokenizerOfModel } from "./tokenizer-of-model.ts";

it.each([
  ["gpt-4o-mini-2024-07-18", "o200k_base", true],
  ["gpt-4.1", "o200k_base", true],
  ["gpt-4.5-preview", "o200k_base", true],
  ["gpt-5-mini", "o200k_base", true],
  ["o3-mini", "o200k_base", true],
  ["openai/gpt-4o", "o200k_base", true],
  ["ft:gpt-4o:acme::x", "o200k_base", true],
  ["gpt-4-turbo", "cl100k_base", true],
  ["gpt-4", "cl100k_base", true],
  ["gpt-3.5-turbo", "cl100k_base", true],
  ["gpt-35-turbo", "cl100k_base", true],
  ["text-embedding-3-small", "cl100k_base", true],
  ["claude-sonnet-4-5", "o200k_base", false],
  ["gemini-3-pro", "o200k_base", false],
  ["olmo-2", "o200k_base", false],
])("counts %s by %s, its own: %s", (model, encoding, isOwn) => {
  expect(tokenizerOfModel(model)).toEqual({ encoding, isOwn });
});
