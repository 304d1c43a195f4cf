import { expect, it } from "vitest";
import { HELLO, startSimulator } from "../testing/start-simulator.ts";

it("does what the marks in the user's last turn say, and only in the last", async () => {
  const { client } = await startSimulator();
  const ask = async (...contents: readonly string[]) => {
    const messages = contents.map((content) => ({ role: "user" as const, content }));
    return client.chat.completions.create({ ...HELLO, messages });
  };
  expect((await ask("[[refuse]] Say hello.")).choices[0]?.message.refusal).toMatch(/can't help/);
  expect((await ask("[[think]] Say hello.")).usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
  const plain = await ask("[[refuse]] [[think]]", "Say hello.");
  expect(plain.choices[0]?.message.refusal).toBeNull();
  expect(plain.usage?.completion_tokens_details?.reasoning_tokens).toBe(0);
});
