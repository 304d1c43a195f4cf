import { expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { azureOpenaiCodec } from "./codec.ts";

test.each([
  ["/openai/v1", "/chat/completions"],
  ["/openai/deployments", "/gpt%205/chat/completions?api-version=2024-10-21"],
  ["/models", "/chat/completions?api-version=2024-05-01-preview"],
])("below %s it asks %s", (basePath, path) => {
  expect(azureOpenaiCodec.requestPath("chat", { model: "gpt 5", stream: true, basePath })).toBe(path);
});

test("chunks of the asynchronous filter do not reach the client, and do not unfinish the answer", () => {
  const chunk = (choice: string): string => `data: {"id":"c","model":"m","choices":[${choice}]}\n\n`;
  const answer = [
    chunk('{"index":0,"delta":{"role":"assistant","content":"Quiet."},"finish_reason":null}'),
    chunk('{"index":0,"delta":{},"finish_reason":"stop"}'),
  ];
  const filter = chunk(
    '{"index":0,"finish_reason":null,"content_filter_results":{},"content_filter_offsets":{"check_offset":0}}',
  );
  const scanner = azureOpenaiCodec.createStreamScanner(answerOptions());
  const forwarded = [answer[0], filter, answer[1], filter, "data: [DONE]\n\n"].flatMap((text) => [
    ...scanner.push(encodeUtf8(text ?? "")),
  ]);
  expect(scanner.end()).toMatchObject({ verdict: "complete", failure: null });
  expect(decodeUtf8(joinBytes(forwarded))).toBe(`${answer.join("")}data: [DONE]\n\n`);
});

test("an answer that was filtered away has a message all the same", () => {
  const body =
    '{"id":"c","choices":[{"index":0,"finish_reason":"content_filter","content_filter_results":{}}],"model":"m"}';
  const response = azureOpenaiCodec.readCompleteResponse("chat", encodeUtf8(body), answerOptions());
  expect(response).toMatchObject({ ok: true, verdict: "filtered" });
  const whole: unknown = JSON.parse(decodeUtf8((response.ok ? response.body : null) ?? encodeUtf8("null")));
  expect(whole).toMatchObject({ choices: [{ message: { role: "assistant", content: null } }] });
});

test("a blocked prompt that comes under a 200 is no answer", () => {
  const body = encodeUtf8('{"error":{"code":"content_filter","message":"blocked","innererror":{}}}');
  expect(azureOpenaiCodec.readCompleteResponse("chat", body, answerOptions())).toMatchObject({
    ok: false,
    failure: { failure: "content_filtered" },
  });
});
