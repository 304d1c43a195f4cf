import { expect, it } from "vitest";
import { answerHeadersOf, requestHeaders } from "./passthrough-headers.ts";

it("sends the connection's credential and none of the client's", () => {
  const client = {
    authorization: "Bearer sk-sy-client",
    "x-api-key": "sk-sy-client",
    "api-key": "sk-sy-client",
    "x-goog-api-key": "sk-sy-client",
    cookie: "session=sk-sy-client",
    "proxy-authorization": "sk-sy-client",
    "x-amz-security-token": "sk-sy-client",
  };
  const headers = requestHeaders(client, { authorization: "Bearer sk-provider" }, []);
  expect(headers).toEqual({ authorization: "Bearer sk-provider" });
});

it("keeps what belongs to the client's connection, and what that header names", () => {
  const client = {
    connection: "close, X-Hop",
    "x-hop": "1",
    "keep-alive": "timeout=5",
    te: "trailers",
    "transfer-encoding": "chunked",
    upgrade: "websocket",
    host: "gateway",
    "content-length": "3",
    "x-forwarded-for": "10.0.0.1",
    "x-switchyard-tags": "a=b",
    "x-custom": "stays",
  };
  expect(requestHeaders(client, {}, [])).toEqual({ "x-custom": "stays" });
});

it("lets the client describe its body and choose the protocol's version, and nothing else of the provider's", () => {
  const client = {
    "content-type": "multipart/form-data; boundary=x",
    "anthropic-version": "2026-10-21",
    "x-fixed": "0",
  };
  const authorised = { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-fixed": "1" };
  expect(requestHeaders(client, authorised, ["anthropic-version"])).toEqual({
    "content-type": "multipart/form-data; boundary=x",
    "anthropic-version": "2026-10-21",
    "x-fixed": "1",
  });
  expect(requestHeaders({}, authorised, ["anthropic-version"])).toEqual({
    "anthropic-version": "2023-06-01",
    "x-fixed": "1",
  });
});

it("shows clients what describes the answer, and no account", () => {
  expect(
    answerHeadersOf({
      "content-type": "text/event-stream",
      "openai-organization": "org-1",
      "set-cookie": ["a=b"],
      "x-request-id": "req_1",
      "retry-after": "3",
      connection: "close",
    }),
  ).toEqual({ "content-type": "text/event-stream", "retry-after": "3" });
});
