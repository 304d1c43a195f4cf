import { expect, it } from "vitest";
import { describeReport } from "./describe-report.ts";
import { unobserved } from "./report.ts";

it("shows what differs side by side, and what differs for a reason by its reason", () => {
  const difference = { pointer: "/system", ours: null, theirs: JSON.stringify("ä".repeat(60)), reason: null };
  const explained = { pointer: "/max_tokens", ours: "10", theirs: null, reason: "a budget" };
  const text = describeReport({
    protocol: "chat-to-anthropic",
    model: "m",
    verdict: "different",
    cases: [
      {
        name: "chat-system",
        title: "system",
        request: { verdict: "different", differences: [difference, explained] },
        passage: unobserved,
        answer: { verdict: "equivalent", differences: [] },
        verdict: "different",
      },
    ],
  });
  const lines = text.split("\n");
  expect(lines[1]).toMatch(/^ {2}chat-system +different +unobserved +equivalent +different$/);
  const place = lines.indexOf("  chat-system request /system");
  expect(lines[place + 1]).toBe(`    ${"-".padEnd(56)} | "${"ä".repeat(55)}`);
  expect(lines[place + 2]).toBe(`    ${" ".repeat(56)} | ${"ä".repeat(5)}"`);
  expect(lines.at(-1)).toBe("  a budget: chat-system request /max_tokens");
});
