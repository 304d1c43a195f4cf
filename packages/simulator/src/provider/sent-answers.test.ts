import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { SentAnswers } from "./sent-answers.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

it("tells the hash of any beginning of what an attempt was sent", () => {
  const answers = new SentAnswers(1_000);
  const record = answers.recorderOf("a");
  record?.("data: é\n");
  record?.(Buffer.from("end"));
  expect(answers.prefixOf("a", 6)).toEqual({ sentBytes: 12, sha256: sha256("data: ") });
  expect(answers.prefixOf("a", 12)).toEqual({ sentBytes: 12, sha256: sha256("data: é\nend") });
  expect(answers.prefixOf("a", 13)).toEqual({ sentBytes: 12, sha256: null });
  expect(answers.prefixOf("b", 0)).toBeNull();
});

it("forgets the oldest answer first when it has too many bytes", () => {
  const answers = new SentAnswers(10);
  const first = answers.recorderOf("first");
  first?.("12345");
  answers.recorderOf("second")?.("1234567");
  first?.("678");
  expect(answers.prefixOf("first", 0)).toBeNull();
  expect(answers.prefixOf("second", 0)?.sentBytes).toBe(7);
});

it("keeps nothing unless it is told to", () => {
  expect(new SentAnswers(0).recorderOf("a")).toBeUndefined();
});
