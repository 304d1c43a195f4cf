import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer, SentRequest } from "../exchange.ts";
import { anthropicMessages } from "../suites/anthropic-messages.ts";
import { openaiChat } from "../suites/openai-chat.ts";
import { compareAnswers, comparePassage, compareRequests } from "./compare-legs.ts";
import { type Json, jsonDifferences } from "./json-differences.ts";
import { readBody } from "./read-body.ts";

const request = (body: unknown, headers = {}): SentRequest => ({
  path: "/chat/completions",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const json = (body: unknown, status = 200): Answer => ({
  status,
  contentType: "application/json",
  body: JSON.stringify(body),
});
const stream = (...events: readonly string[]): Answer => ({
  status: 200,
  contentType: "text/event-stream; charset=utf-8",
  body: events.map((event) => `data: ${event}\n\n`).join(""),
});

describe("requests", () => {
  it("are identical only byte for byte", () => {
    expect(compareRequests(openaiChat, request({ a: 1 }), request({ a: 1 })).verdict).toBe("identical");
    expect(compareRequests(openaiChat, request('{"a": 1}'), request('{"a":1}'))).toEqual({
      verdict: "equivalent",
      differences: [],
    });
  });

  it("name what was changed, and whether there is a reason", () => {
    const theirs = request({ stream: true, seed: 1, tools: [{ name: "a/b" }] });
    const ours = request({ stream: true, tools: [{ name: "a" }], stream_options: { include_usage: true } });
    const { verdict, differences } = compareRequests(openaiChat, ours, theirs);
    expect(verdict).toBe("different");
    expect(differences).toEqual([
      { pointer: "/seed", ours: null, theirs: "1", reason: null },
      { pointer: "/tools/0/name", ours: '"a"', theirs: '"a/b"', reason: null },
      expect.objectContaining({ pointer: "/stream_options", theirs: null, reason: expect.stringContaining("usage") }),
    ]);
  });

  it("must arrive with the headers of their protocol, at the same path", () => {
    const theirs = request({}, { "anthropic-version": "2023-06-01", "user-agent": "sdk" });
    const ours = { ...request({}, { "user-agent": "gateway" }), path: "/other" };
    const { verdict, differences } = compareRequests(anthropicMessages, ours, theirs);
    expect(verdict).toBe("different");
    expect(differences.map(({ pointer }) => pointer)).toEqual(["path", "header anthropic-version"]);
  });

  it("that nobody saw are no evidence", () => {
    expect(compareRequests(openaiChat, null, request({})).verdict).toBe("unobserved");
  });
});

describe("the passage of an answer", () => {
  it("is equivalent without the usage chunk that the client did not ask for, and says so", () => {
    const usage = '{"choices":[],"usage":{"prompt_tokens":1}}';
    const { verdict, differences } = comparePassage(
      openaiChat,
      stream('{"choices":[{"index":0}]}', "[DONE]"),
      stream('{"choices":[{"index":0}]}', usage, "[DONE]"),
    );
    expect(verdict).toBe("equivalent");
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatchObject({ pointer: "/1", ours: null });
  });

  it("is different where one character of a tool's arguments is lost", () => {
    const { verdict, differences } = comparePassage(
      openaiChat,
      json({ arguments: '{"n":12345678901234567}' }),
      json({ arguments: '{"n":12345678901234568}' }),
    );
    expect(verdict).toBe("different");
    expect(differences[0]?.pointer).toBe("/arguments");
  });

  it("tells integers apart that a double cannot", () => {
    const answer = (id: string): Answer => ({ ...json({}), body: `{"id":${id}}` });
    expect(comparePassage(openaiChat, answer("12345678901234567890"), answer("12345678901234567891")).verdict).toBe(
      "different",
    );
  });

  it("explains words of an error, never its status", () => {
    const theirs = json({ error: { message: "Bad n", code: null } }, 400);
    expect(comparePassage(openaiChat, json({ error: { message: "n is bad", code: "x" } }, 400), theirs).verdict).toBe(
      "equivalent",
    );
    expect(comparePassage(openaiChat, json({ error: { message: "n is bad", code: "x" } }, 502), theirs).verdict).toBe(
      "different",
    );
  });
});

describe("two answers", () => {
  const answer = (id: string, content: string, finish: string, more = {}) =>
    json({ id, choices: [{ message: { role: "assistant", content }, finish_reason: finish }], ...more });

  it("may say other things, and the volatile members are named", () => {
    const { verdict, differences } = compareAnswers(
      openaiChat,
      answer("a", "Hi", "stop", { created: 1 }),
      answer("b", "Hello", "stop", { created: 1 }),
    );
    expect(verdict).toBe("equivalent");
    expect(differences).toEqual([{ pointer: "/id", ours: '"a"', theirs: '"b"', reason: "new with every call" }]);
  });

  it("must end for the same reason and have the same members", () => {
    const { verdict, differences } = compareAnswers(
      openaiChat,
      answer("a", "Hi", "length"),
      answer("a", "Hello", "stop", { service_tier: "default" }),
    );
    expect(verdict).toBe("different");
    expect(differences.map(({ pointer }) => pointer)).toEqual(["/choices/*/finish_reason", "/service_tier"]);
  });
});

it("finds no difference between a value and itself, and every change of a member", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = JSON.parse(JSON.stringify(value)) as Json;
      expect(jsonDifferences(copy, JSON.parse(JSON.stringify(value)) as Json)).toEqual([]);
      expect(jsonDifferences({ before: copy }, { before: copy, after: null })).toEqual([
        { pointer: "/after", ours: undefined, theirs: null },
      ]);
    }),
  );
});

it("reads the events of a stream whatever its line ends, and leaves comments out", () => {
  const events = [{ data: { n: 1 } }, { fields: ["event: done"], data: "[DONE]" }];
  for (const end of ["\n", "\r\n", "\r"]) {
    const text = [": ping", "", 'data: {"n":1}', "", "event: done", "data: [DONE]", "", ""].join(end);
    expect(readBody("text/event-stream", text)).toEqual(events);
  }
});
