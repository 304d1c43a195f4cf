import { describe, expect, test } from "vitest";
import { encodeUtf8 } from "../text/utf8.ts";
import { classifyFailedResponse } from "./classify-failure.ts";

const asText = (error: object): string => JSON.stringify({ error }, null, 2);
const overflow = { message: "This model's maximum context length is 4096 tokens.", type: "invalid_request_error" };

function classify(status: number, raw: unknown, rest: object = { message: "Provider returned error" }) {
  const error = { ...rest, code: status, metadata: { raw, provider_name: "OpenAI" } };
  return classifyFailedResponse({ status, headers: {}, body: encodeUtf8(JSON.stringify({ error })), nowMs: 0 });
}

describe("what the server behind a router said", () => {
  test.each([
    ["a code", 400, asText({ message: "too long", code: "context_length_exceeded" }), "context_length_exceeded"],
    ["a sentence in JSON", 400, asText(overflow), "context_length_exceeded"],
    ["a sentence alone", 400, overflow.message, "context_length_exceeded"],
    ["an object", 400, { error: overflow }, "context_length_exceeded"],
    ["a filter", 400, asText({ message: "no", code: "data_inspection_failed" }), "content_filtered"],
    ["something that could be anything", 400, asText({ message: "no" }), "invalid_request"],
    ["nothing", 400, "", "invalid_request"],
    ["broken JSON", 400, '{"error":', "invalid_request"],
  ])("tells what is wrong with the request: %s", (_, status, raw, failure) => {
    expect(classify(status, raw).failure).toBe(failure);
  });

  test.each([
    ["an empty account", 429, asText({ message: "no", code: "insufficient_quota" }), "rate_limited"],
    ["an account without credit", 400, "Your credit balance is too low", "invalid_request"],
    ["a key", 400, asText({ message: "no", code: "invalid_api_key" }), "invalid_request"],
  ])("tells nothing of the router's own account: %s", (_, status, raw, failure) => {
    expect(classify(status, raw).failure).toBe(failure);
  });

  test("is what the operator reads where the router says nothing, and names the parameter", () => {
    const raw = asText({ message: "'none' is not supported.", param: "reasoning.effort", code: "unsupported_value" });
    expect(classify(400, raw)).toMatchObject({
      providerMessage: "'none' is not supported.",
      providerParam: "reasoning.effort",
      providerCode: "400",
    });
    expect(classify(400, raw, { message: "Too warm" }).providerMessage).toBe("Too warm");
  });
});
