import { describe, expect, test } from "vitest";
import { openaiCodec } from "../openai/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { qwenCodec } from "../qwen/codec.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { encodeUtf8 } from "../text/utf8.ts";

const quota = { message: "You exceeded your current quota.", type: "insufficient_quota", code: "insufficient_quota" };

function failed(codec: ProviderCodec, error: object) {
  const body = encodeUtf8(JSON.stringify({ error }));
  return codec.classifyFailure({ status: 429, headers: {}, body, nowMs: 0 }).failure;
}

describe("a word that means something else at another kind of server", () => {
  test("is an empty account at OpenAI, and a limit of tokens in a minute at Qwen", () => {
    expect(failed(openaiCodec, quota)).toBe("credit_exhausted");
    expect(failed(qwenCodec, quota)).toBe("rate_limited");
    expect(failed(qwenCodec, { ...quota, message: "Free allocated quota exceeded." })).toBe("credit_exhausted");
  });

  test("means the same in an answer", () => {
    const body = encodeUtf8(JSON.stringify({ error: quota }));
    expect(qwenCodec.readCompleteResponse("chat", body, answerOptions())).toMatchObject({
      ok: false,
      failure: { failure: "rate_limited" },
    });
  });

  test("means the same in a stream", () => {
    const scanner = qwenCodec.createStreamScanner(answerOptions());
    scanner.push(encodeUtf8(`data: ${JSON.stringify({ error: quota })}\n\n`));
    expect(scanner.end().failure?.failure).toBe("rate_limited");
  });
});
