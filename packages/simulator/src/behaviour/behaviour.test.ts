import { describe, expect, it } from "vitest";
import { behaviourSchema } from "./behaviour.ts";

describe("behaviourSchema", () => {
  it.each([
    [{}],
    [{ latencyMs: 20, firstByteDelayMs: 5, tokensPerSecond: 80, chunkTokens: 4 }],
    [
      {
        latencyMs: { p50: 300, p99: 900 },
        outputTokens: { min: 10, max: 20 },
        reasoningTokens: 5,
        cachedTokensShare: 0.5,
      },
    ],
    [
      {
        errorRate: 0.1,
        errorStatus: 429,
        retryAfter: "soon, perhaps",
        errorCode: "insufficient_quota",
        errorMessage: "no",
      },
    ],
    [{ failFirstCalls: 2, cutAfterChunks: 0, faultRate: 1 }],
    [{ answerText: "fixed", contentFilter: true, emptyAnswer: false, refusal: false }],
    [{ responseHeaders: { "set-cookie": "a=b", Location: "http://127.0.0.1/" }, errorStatus: 302 }],
  ])("accepts %j", (behaviour) => {
    expect(behaviourSchema.parse(behaviour)).toEqual(behaviour);
  });

  it.each([
    [{ latency: 5 }, /latency/],
    [{ latencyMs: -1 }, />=0/],
    [{ latencyMs: { p50: 9, p99: 3 } }, /p50 must not be above p99/],
    [{ outputTokens: { min: 3, max: 2 } }, /min must not be above max/],
    [{ outputTokens: 1.5 }, /int/],
    [{ outputTokens: "many" }, /token count/],
    [{ latencyMs: "1s" }, /must be milliseconds/],
    [{ errorRate: 1.1 }, /1/],
    [{ errorRate: Number.NaN }, /number/],
    [{ errorStatus: 200 }, /300/],
    [{ errorStatus: 304 }, /304/],
    [{ retryAfter: "1" }, /needs errorStatus/],
    [{ errorStatus: 429, retryAfter: "1\r\nset-cookie: a=b" }, /no line breaks/],
    [{ responseHeaders: { "bad name": "x" } }, /header name/],
    [{ responseHeaders: { "Content-Length": "3" } }, /frames the message/],
    [{ cutAfterChunks: 1, stallAfterChunks: 2 }, /cannot be combined with cutAfterChunks/],
    [{ refusal: true, emptyAnswer: true }, /cannot be combined/],
    [{ garbage: "html", cutAfterBytes: 3 }, /cannot be combined/],
    [{ garbage: "xml" }, /html/],
    [{ malformedUsage: true }, /missing/],
    [{ failFirstCalls: 0 }, /1/],
    ["healthy", /object/],
    [null, /object/],
  ])("refuses %j and says why", (behaviour, reason) => {
    const result = behaviourSchema.safeParse(behaviour);
    expect(result.success).toBe(false);
    expect(result.error?.message).toMatch(reason);
  });
});
