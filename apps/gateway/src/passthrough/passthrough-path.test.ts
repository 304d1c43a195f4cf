import { expect, it } from "vitest";
import { readPassthroughPath } from "./passthrough-path.ts";

it("takes the connection, the path and the query as they are written", () => {
  expect(readPassthroughPath("/passthrough/my%20account/v1/files/a%20b?limit=2&after=x%2Fy")).toEqual({
    connection: "my account",
    path: "/v1/files/a%20b",
    query: "?limit=2&after=x%2Fy",
  });
  expect(readPassthroughPath("/passthrough/aws/model/us.anthropic%2Fclaude%3A0/converse").path).toBe(
    "/model/us.anthropic%2Fclaude%3A0/converse",
  );
});

it.each([
  "/passthrough/one",
  "/passthrough//v1/models",
  "/passthrough/one/../admin",
  "/passthrough/one/v1/..",
  "/passthrough/one/./models",
  "/passthrough/one/%2e%2e/admin",
  "/passthrough/one/%2E./admin",
  "/passthrough/one/v1%2f..%2fadmin",
  "/passthrough/one/%252e%252e/admin",
  "/passthrough/one/%25252e%25252e%25252fadmin",
  "/passthrough/one/%2525252525252525252e/admin",
  "/passthrough/one//evil.example/x",
  "/passthrough/one/http://evil.example/",
  "/passthrough/one/%2fevil.example/x",
  "/passthrough/one/..\\admin",
  "/passthrough/one/%5c%5cevil.example",
  "/passthrough/one/a%0d%0ax-injected:1",
  "/passthrough/one/%00",
  "/passthrough/one/%zz",
  "/passthrough/one/models?key=AIza",
  "/passthrough/one/models?Api-Key=x",
])("refuses %s", (url) => {
  expect(() => readPassthroughPath(url)).toThrowError(expect.objectContaining({ code: "invalid_passthrough_path" }));
});
