import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publicMessages } from "./public-message.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { classifyErrorObject, classifyFailedResponse } from "./classify-failure.ts";

function classify(status: number, body: unknown = "", headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return classifyFailedResponse({ status, headers, body: encodeUtf8(text), nowMs: 0 });
}

describe("a status without a telling body", () => {
  test.each([
    [301, "server_error"],
    [400, "invalid_request"],
    [401, "credential_rejected"],
    [402, "credit_exhausted"],
    [403, "credential_rejected"],
    [404, "model_not_found"],
    [405, "model_not_found"],
    [408, "timeout"],
    [409, "server_error"],
    [410, "model_not_found"],
    [413, "invalid_request"],
    [415, "invalid_request"],
    [422, "invalid_request"],
    [424, "server_error"],
    [425, "overloaded"],
    [429, "rate_limited"],
    [451, "content_filtered"],
    [498, "overloaded"],
    [499, "server_error"],
    [500, "server_error"],
    [502, "server_error"],
    [503, "overloaded"],
    [504, "timeout"],
    [524, "timeout"],
    [529, "overloaded"],
    [599, "server_error"],
  ])("%i is %s", (status, failure) => {
    expect(classify(status, "<html>").failure).toBe(failure);
    expect(classify(status, { error: { message: "no code" } }).failure).toBe(failure);
  });
});

describe("a body that says more", () => {
  const sentence = (message: string, rest: object = {}): object => ({ error: { message, ...rest } });

  test.each<[number, unknown, string]>([
    [
      429,
      sentence("You exceeded your current quota", { type: "insufficient_quota", code: "insufficient_quota" }),
      "credit_exhausted",
    ],
    [429, sentence("Monthly limit", { code: "enforced_spend_limit_reached" }), "credit_exhausted"],
    [429, sentence("Rate limit reached", { type: "tokens", code: "rate_limit_exceeded" }), "rate_limited"],
    [429, sentence("The engine is currently overloaded", { code: "engine_overloaded" }), "overloaded"],
    [429, sentence("Incorrect API key? no, just slow"), "rate_limited"],
    [
      413,
      sentence("Request too large for model on tokens per minute", { code: "rate_limit_exceeded" }),
      "rate_limited",
    ],
    [400, sentence("too long", { code: "context_length_exceeded" }), "context_length_exceeded"],
    [400, sentence("This model's maximum context length is 4096 tokens."), "context_length_exceeded"],
    [
      400,
      {
        object: "error",
        message: "This model's maximum context length is 4096 tokens.",
        type: "BadRequestError",
        code: 400,
      },
      "context_length_exceeded",
    ],
    [
      400,
      sentence("request exceeds the available context size", { type: "exceed_context_size_error" }),
      "context_length_exceeded",
    ],
    [
      422,
      { error: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096", error_type: "validation" },
      "context_length_exceeded",
    ],
    [
      400,
      sentence("The input token count (9) exceeds the maximum number of tokens allowed"),
      "context_length_exceeded",
    ],
    [
      400,
      sentence("input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000"),
      "context_length_exceeded",
    ],
    [
      400,
      sentence("The decoder prompt (length 12000) is longer than the maximum model length of 4096."),
      "context_length_exceeded",
    ],
    [
      400,
      sentence("Unable to submit request because the input token count is 1048577 but model only supports 1048576."),
      "context_length_exceeded",
    ],
    [400, sentence("Input Tokens Exceeded: Number of input tokens exceeds maximum length."), "context_length_exceeded"],
    [400, sentence("Your request exceeded model token limit: 8192"), "context_length_exceeded"],
    [
      400,
      sentence("Please reduce the length of the messages or completion.", { type: "invalid_request_error" }),
      "context_length_exceeded",
    ],
    [
      400,
      { error: "Max_len exceeded: Input is 66547 tokens but this model only supports 8192." },
      "context_length_exceeded",
    ],
    [400, sentence("Input length 300000 exceeds the maximum allowed input length of 8192"), "context_length_exceeded"],
    [400, sentence("Prompt too long"), "context_length_exceeded"],
    [400, "This model's maximum context length is 4096 tokens.", "context_length_exceeded"],
    [400, sentence("Prompt exceeds max length", { code: "1261" }), "context_length_exceeded"],
    [400, sentence("Content Exists Risk", { type: "invalid_request_error" }), "content_filtered"],
    [400, sentence("API key expired. Please renew the API key."), "credential_rejected"],
    [400, sentence("User location is not supported for the API use."), "credential_rejected"],
    [412, sentence("Account accounts/harbour is suspended."), "credit_exhausted"],
    [403, sentence("The free tier is used up.", { code: "AllocationQuota.FreeTierOnly" }), "credit_exhausted"],
    [429, sentence("Busy.", { type: "engine_overloaded_error" }), "overloaded"],
    [400, sentence("Model Not Exist", { type: "invalid_request_error" }), "model_not_found"],
    [400, sentence("openai/gpt-9 is not a valid model ID", { code: 400 }), "model_not_found"],
    [400, sentence("blocked", { code: "content_filter", innererror: {} }), "content_filtered"],
    [400, sentence("x", { code: "content_policy_violation" }), "content_filtered"],
    [
      400,
      { code: "DataInspectionFailed", message: "Output data may contain inappropriate content" },
      "content_filtered",
    ],
    [403, sentence("Your input was flagged by moderation"), "content_filtered"],
    [400, { code: "invalid-argument", error: "Incorrect API key provided: xai-…" }, "credential_rejected"],
    [
      400,
      [
        {
          error: { code: 400, message: "API key not valid. Please pass a valid API key.", status: "INVALID_ARGUMENT" },
        },
      ],
      "credential_rejected",
    ],
    [401, { detail: "Unauthorized" }, "credential_rejected"],
    [401, sentence("billing", { code: "billing_not_active" }), "credit_exhausted"],
    [403, sentence("Project does not have access to model", { code: "model_not_found" }), "model_not_found"],
    [
      404,
      { object: "error", message: "The model `x` does not exist.", type: "NotFoundError", code: 404 },
      "model_not_found",
    ],
    [
      400,
      sentence("Unsupported value", { type: "invalid_request_error", param: "temperature", code: "unsupported_value" }),
      "invalid_request",
    ],
    [422, { detail: [{ loc: ["body", "messages"], msg: "field required" }] }, "invalid_request"],
    [500, sentence("prompt is too long", { code: "context_length_exceeded" }), "context_length_exceeded"],
    // The sentence of a server in trouble is not about the request.
    [500, sentence("failed to allocate the context window"), "server_error"],
    [500, sentence("x", { code: "invalid_api_key" }), "server_error"],
  ])("%i with %j is %s", (status, body, failure) => {
    expect(classify(status, body).failure).toBe(failure);
  });

  test("keeps what the provider said apart from what a client may read", () => {
    const failure = classify(
      400,
      sentence("Bad key sk-secret", { code: "odd", param: "messages[0]", type: "invalid_request_error" }),
    );
    expect(failure).toEqual({
      failure: "invalid_request",
      message: "The provider rejected the request as invalid.",
      retryAfterMs: null,
      providerCode: "odd",
      providerParam: "messages[0]",
      providerMessage: "Bad key sk-secret",
    });
    expect(classify(400, sentence("x".repeat(5_000))).providerMessage).toHaveLength(2_000);
  });

  test("passes on how long to wait, whatever the status", () => {
    expect(classify(429, "", { "retry-after": "7" }).retryAfterMs).toBe(7_000);
    expect(classify(503, "", { "retry-after-ms": "70" }).retryAfterMs).toBe(70);
    expect(classify(429).retryAfterMs).toBeNull();
  });
});

describe("quotas of Google, of which the body tells", () => {
  const error = (quotaId: string) => ({
    error: {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: "You exceeded your current quota.",
      details: [{ violations: [{ quotaId }] }, { retryDelay: "34.4s" }],
    },
  });

  test.each([
    [error("RequestsPerMinute"), "rate_limited", 34_400],
    [[error("RequestsPerMinute")], "rate_limited", 34_400],
    [error("RequestsPerDay"), "credit_exhausted", null],
    [{ error: { code: 429, details: [null, { retryDelay: 7 }, { violations: {} }] } }, "rate_limited", null],
  ])("%j is %s", (body, failure, retryAfterMs) => {
    expect(classify(429, body)).toMatchObject({ failure, retryAfterMs });
  });

  test("count for less than a header", () => {
    expect(classify(429, error("RequestsPerMinute"), { "retry-after": "7" }).retryAfterMs).toBe(7_000);
  });
});

describe("an error where an answer was expected", () => {
  test.each<[unknown, string]>([
    [{ code: 429, message: "slow" }, "rate_limited"],
    [{ code: "503" }, "overloaded"],
    [{ code: 200 }, "server_error"],
    [{ type: "overloaded_error" }, "overloaded"],
    [{ type: "rate_limit_error" }, "rate_limited"],
    [{ code: "insufficient_quota" }, "credit_exhausted"],
    [{ code: "content_filter" }, "content_filtered"],
    [{ type: "invalid_request_error", code: "tool_use_failed" }, "malformed_response"],
    ["boom", "server_error"],
    [null, "server_error"],
    [7, "server_error"],
    [{}, "server_error"],
  ])("%j is %s", (error, failure) => {
    expect(classifyErrorObject(error).failure).toBe(failure);
  });
});

test("never throws, and always gives one of our own sentences", () => {
  const sentences = new Set(Object.values(publicMessages));
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.json().map(encodeUtf8),
    fc.jsonValue().map((error) => encodeUtf8(JSON.stringify({ error }))),
  );
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), body, fc.jsonValue(), (status, bytes, error) => {
      expect(sentences).toContain(classifyFailedResponse({ status, headers: {}, body: bytes, nowMs: 0 }).message);
      expect(sentences).toContain(classifyErrorObject(error).message);
    }),
    { numRuns: 1_000 },
  );
});

describe("shapes that are not OpenAI's", () => {
  test.each<[string, number, unknown, object]>([
    [
      "a list of errors",
      400,
      { errors: [{ code: "invalid_model", message: "No such model" }] },
      { failure: "model_not_found" },
    ],
    ["a list of errors in a 200", 200, { errors: [{ message: "Boom" }] }, { providerMessage: "Boom" }],
    ["a list of sentences", 400, { errors: ["prompt is too long"] }, { failure: "context_length_exceeded" }],
    [
      "a fault of Apigee's",
      429,
      { fault: { faultstring: "Spike arrest" } },
      { failure: "rate_limited", providerMessage: "Spike arrest" },
    ],
    [
      "figures of MiniMax",
      401,
      { base_resp: { status_code: 1004, status_msg: "login fail" } },
      { failure: "credential_rejected", providerMessage: "login fail" },
    ],
    [
      "an object for the detail",
      400,
      { detail: { code: "context_length_exceeded", message: "Too long" } },
      { failure: "context_length_exceeded" },
    ],
    [
      "an error in the detail",
      400,
      { detail: { error: { message: "Too long", code: "context_length_exceeded" } } },
      { failure: "context_length_exceeded" },
    ],
    [
      "another name for the message",
      400,
      { error: { msg: "This model's maximum context length is 8" } },
      { failure: "context_length_exceeded" },
    ],
    [
      "a problem document",
      404,
      { type: "about:blank", title: "Not Found", status: 404, detail: "Function not found" },
      { failure: "model_not_found", providerMessage: "Function not found" },
    ],
    [
      "an event of a stream",
      429,
      'event: error\ndata: {"error":{"message":"Slow down","code":"rate_limit_exceeded"}}\n\ndata: [DONE]\n\n',
      { failure: "rate_limited", providerMessage: "Slow down" },
    ],
    [
      "a byte order mark",
      400,
      '\uFEFF{"error":{"message":"x","code":"context_length_exceeded"}}',
      { failure: "context_length_exceeded" },
    ],
    [
      "a time to wait in words",
      429,
      { error: { message: "Please try again in 1.2s." } },
      { failure: "rate_limited", retryAfterMs: 1_200 },
    ],
  ])("%s", (_, status, body, expected) => {
    expect(classify(status, body)).toMatchObject(expected);
  });

  test("a header says better than words how long to wait", () => {
    const told = classify(429, { error: { message: "Please try again in 1.2s." } }, { "retry-after": "3" });
    expect(told.retryAfterMs).toBe(3_000);
  });

  test.each<[number, string]>([
    [1001, "timeout"],
    [1002, "rate_limited"],
    [1004, "credential_rejected"],
    [1008, "credit_exhausted"],
    [1024, "server_error"],
    [1026, "content_filtered"],
    [1027, "content_filtered"],
    [1039, "rate_limited"],
    [2013, "invalid_request"],
  ])("MiniMax's code %d beside an answer of status 200", (code, failure) => {
    const told = classifyErrorObject({ choices: null, base_resp: { status_code: code, status_msg: "why" } });
    expect(told).toMatchObject({ failure, providerCode: String(code), providerMessage: "why" });
  });

  test("a status beside an error in a stream", () => {
    expect(classifyErrorObject({ message: "busy", code: null, status_code: 429 }).failure).toBe("rate_limited");
  });
});
