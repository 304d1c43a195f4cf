import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StreamEnding, StreamScanner } from "../provider-codec.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { jsonKey } from "../json/json-cursor.ts";
import { openAiDialect } from "./dialect.ts";
import { createOpenAiStreamScanner, maxEventBytes } from "./stream-scanner.ts";

interface Scanned {
  readonly forwarded: string;
  readonly ending: StreamEnding;
  readonly scanner: StreamScanner;
}

/** OpenAI's own, whose answers are never changed. */
const untouched = { ...openAiDialect, repairsAnswers: false };

function scan(chunks: readonly Uint8Array[], forwardUsage = false, dialect = openAiDialect): Scanned {
  const scanner = createOpenAiStreamScanner({ forwardUsage }, dialect);
  // Copied at once: what was forwarded must not change when more bytes come.
  const views = chunks.flatMap((chunk) => [...scanner.push(chunk)].map((view) => ({ view, copy: view.slice() })));
  const ending = scanner.end();
  expect(views.every(({ view, copy }) => view.every((byte, at) => byte === copy[at]))).toBe(true);
  return { scanner, ending, forwarded: decodeUtf8(joinBytes([...views.map(({ view }) => view), ...ending.forward])) };
}

function scanText(text: string, forwardUsage = false): Scanned {
  return scan([encodeUtf8(text)], forwardUsage);
}

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const delta = (members: object, index = 0): string =>
  event({ id: "c", choices: [{ index, delta: { role: "assistant", ...members }, finish_reason: null }] });
const text = (content: string, index = 0): string => delta({ content }, index);
const finish = (reason: string, index = 0): string =>
  event({ id: "c", choices: [{ index, delta: { role: "assistant" }, finish_reason: reason }] });
const usage = event({ id: "c", choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } });
const done = "data: [DONE]\n\n";
const whole = text("Hel") + text("lo") + finish("stop");

describe("what is forwarded", () => {
  test("everything, byte for byte, when the client asked for usage", () => {
    const stream = `: keep-alive\n\n${whole}${usage}${done}`;
    expect(scanText(stream, true).forwarded).toBe(stream);
  });

  test("everything but the usage chunk when it did not", () => {
    const { forwarded, scanner } = scanText(whole + usage + done);
    expect(forwarded).toBe(whole + done);
    expect(scanner.state.usage).toEqual({ kind: "usable", usage: { input: 7, output: 3 }, warnings: [] });
  });

  test("usage that came along with something else", () => {
    const stream = event({
      id: "c",
      choices: [{ index: 0, delta: { role: "assistant" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    });
    expect(scanText(stream + done).forwarded).toBe(stream + done);
    const filter = event({ choices: [], prompt_filter_results: [] });
    expect(scanText(filter + whole + done).forwarded).toBe(filter + whole + done);
  });

  test("views of the chunk itself, one for a run of events", () => {
    const chunk = encodeUtf8(text("Hel") + text("lo"));
    const [only, ...others] = createOpenAiStreamScanner({ forwardUsage: true }).push(chunk);
    expect(only?.buffer).toBe(chunk.buffer);
    expect(only).toHaveLength(chunk.length);
    expect(others).toEqual([]);
  });

  test("an event as soon as it is complete, and not before", () => {
    const scanner = createOpenAiStreamScanner({ forwardUsage: false });
    const bytes = encodeUtf8(text("Hello"));
    expect(scanner.push(bytes.slice(0, -1))).toEqual([]);
    expect(joinBytes(scanner.push(bytes.slice(-1)))).toEqual(bytes);
    expect(scanner.state.contentSeen).toBe(true);
  });

  test("nothing from an error on, not even [DONE]", () => {
    const { forwarded, ending } = scanText(
      text("a") + event({ error: { message: "boom" } }) + text("b") + finish("stop") + done,
    );
    expect(forwarded).toBe(text("a"));
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure: "server_error", providerMessage: "boom" } });
  });

  test("no [DONE] that would make a cut answer look whole, and nothing after one", () => {
    expect(scanText(text("a") + done)).toMatchObject({ forwarded: text("a"), ending: { verdict: "truncated" } });
    expect(scanText(done)).toMatchObject({ forwarded: "", ending: { verdict: "truncated" } });
    expect(scanText(whole + done + text("b"))).toMatchObject({
      forwarded: whole + done,
      ending: { verdict: "complete" },
    });
    expect(scanText(text("a") + done + finish("stop"))).toMatchObject({
      forwarded: text("a"),
      ending: { verdict: "truncated" },
    });
  });

  test.each([event({ error: { message: "boom" } }), "data: half a line\n\n", finish("error")])(
    "[DONE] for the last word, whatever follows: %s",
    (late) => {
      expect(scanText(whole + done + late)).toMatchObject({
        forwarded: whole + done,
        ending: { verdict: "complete", failure: null },
      });
    },
  );

  test("no empty data, which clients would take for broken JSON", () => {
    expect(scanText(`data:\n\n${whole}data: \n\n${done}`)).toMatchObject({
      forwarded: whole + done,
      ending: { verdict: "complete" },
    });
  });

  test("a whole last event with the blank line that it lacked, and no half of one", () => {
    const cut = (whole + done).slice(0, -1);
    expect(scanText(cut)).toMatchObject({ forwarded: `${cut}\n\n`, ending: { verdict: "complete" } });
    expect(scanText((text("a") + finish("stop")).trimEnd())).toMatchObject({ ending: { verdict: "complete" } });
    expect(scanText(text("a") + finish("stop").slice(0, -4))).toMatchObject({
      forwarded: text("a"),
      ending: { verdict: "truncated" },
    });
    expect(scanText(`${text("a")}: half a comment`)).toMatchObject({ forwarded: text("a") });
  });
});

describe("the verdict", () => {
  test.each<[string, string, Partial<StreamEnding>]>([
    ["complete", whole, { verdict: "complete", failure: null, empty: false }],
    ["complete with [DONE]", whole + done, { verdict: "complete" }],
    [
      "complete with tools",
      delta({ tool_calls: [{ index: 0 }] }) + finish("tool_calls"),
      { verdict: "complete", empty: false },
    ],
    ["empty", delta({ role: "assistant", content: "" }) + finish("stop") + done, { verdict: "complete", empty: true }],
    ["cut", text("a"), { verdict: "truncated", empty: false }],
    ["nothing at all", "", { verdict: "truncated" }],
    ["one of two choices cut", text("a", 0) + text("b", 1) + finish("stop", 1) + done, { verdict: "truncated" }],
    ["both choices", text("a", 0) + text("b", 1) + finish("stop", 1) + finish("length", 0), { verdict: "complete" }],
    ["filtered", text("a") + finish("content_filter"), { verdict: "filtered", empty: false }],
    ["filtered after the end", whole + finish("content_filter"), { verdict: "filtered" }],
    ["refused", delta({ refusal: "I cannot" }) + finish("stop"), { verdict: "refused", empty: false }],
    ["error after the end", whole + event({ error: { message: "late" } }) + done, { verdict: "errored" }],
    ["a reason that is an error", text("a") + finish("error") + done, { verdict: "errored" }],
    ["broken JSON", `${text("a")}data: {"choices":[\n\n${finish("stop")}`, { verdict: "errored" }],
    ["a late chunk without a reason", whole + delta({}) + done, { verdict: "complete" }],
    [
      "a chunk without delta",
      event({ choices: [{ index: 0, content_filter_offsets: {} }] }) + whole,
      { verdict: "complete" },
    ],
    [
      "keys spelled with escapes",
      text("a") + finish("stop").replace("finish_reason", String.raw`finish_\u0072eason`),
      { verdict: "complete" },
    ],
    [
      "an error that is null",
      event({ error: null, choices: [{ index: 0, delta: { content: "a" }, finish_reason: "stop" }] }),
      { verdict: "complete" },
    ],
  ])("is right for %s", (_, stream, expected) => {
    expect(scanText(stream).ending).toMatchObject(expected);
  });

  test.each<[string, string, string]>([
    ["a nested error", event({ error: { code: "rate_limit_exceeded", message: "slow down" } }), "rate_limited"],
    ["an error with a status for a code", event({ error: { code: 503, message: "busy" } }), "overloaded"],
    ["an error that is a string", event({ error: "boom", code: "x" }), "server_error"],
    ["a named error event", `event: error\n${event({ error: { type: "overloaded_error" } })}`, "overloaded"],
    ["a named event with a flat error", `event: error\n${event({ message: "lost" })}`, "server_error"],
    ["a field called error", 'error: {"message":"lost"}\n\n', "server_error"],
    ["a named error without data", "event: error\n\n", "server_error"],
    ["data that is no JSON", "data: <html>\n\n", "malformed_response"],
    ["data that is no object", "data: 1\n\n", "malformed_response"],
  ])("takes %s for a failure", (_, stream, failure) => {
    const { forwarded, ending } = scanText(stream + whole);
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure } });
    expect(forwarded).toBe("");
  });

  test("gives up on an event that is too large", () => {
    const { forwarded, ending } = scanText(text("a") + text("b".repeat(maxEventBytes)) + finish("stop"));
    expect(forwarded).toBe(text("a"));
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure: "malformed_response" } });
  });

  test("is truncated for every cut before the last reason, and complete for every cut after it", () => {
    const bytes = encodeUtf8(whole + usage + done);
    // The last event may lack its blank line, no more.
    const enough = encodeUtf8(whole.trimEnd()).length;
    for (let length = 0; length <= bytes.length; length++) {
      const { verdict } = scan([bytes.slice(0, length)]).ending;
      expect([length, verdict]).toEqual([length, length >= enough ? "complete" : "truncated"]);
    }
  });
});

describe("usage", () => {
  const report = (input: number, output: unknown): string =>
    event({
      choices: [{ index: 0, delta: { content: "a" } }],
      usage: { prompt_tokens: input, completion_tokens: output },
    });

  test("is the largest report, never a sum", () => {
    const { state } = scanText(report(5, 1) + report(5, 2) + report(5, 4) + report(0, 0) + finish("stop")).scanner;
    expect(state.usage).toMatchObject({ kind: "usable", usage: { input: 5, output: 4 } });
  });

  test("is unusable when the last report is", () => {
    expect(scanText(report(5, 1) + report(5, -4)).scanner.state.usage?.kind).toBe("unusable");
    expect(scanText(report(5, "4") + report(5, 4)).scanner.state.usage?.kind).toBe("usable");
  });

  test("is read after an error too, because it may be billed", () => {
    expect(scanText(text("a") + event({ error: { message: "x" } }) + usage).scanner.state.usage?.kind).toBe("usable");
  });
});

test("model, service tier and size of the answer are noted", () => {
  const first = event({ model: "gpt-5-mini-2026", service_tier: "flex", choices: [] });
  const { state } = scanText(first + text("Grüße") + delta({ reasoning_content: "hm" }) + finish("stop")).scanner;
  expect(state).toMatchObject({ model: "gpt-5-mini-2026", serviceTier: "flex", contentBytes: 7 + 2, doneSeen: false });
  expect(state.finishReasons).toEqual(new Map([[0, "stop"]]));
});

/** What any reader would make of a stream that parses every event in full, once all of it is there. */
function readNaively(stream: string) {
  const chunks = stream
    .split(/\r\n\r\n|\n\n|\r\r/)
    .map((block) => block.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data:")))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n"));
  const finishReasons = new Map<number, string | null>();
  let contentSeen = false;
  let refusalSeen = false;
  let usageSeen = false;
  for (const data of chunks) {
    if (data === "[DONE]") continue;
    const chunk = JSON.parse(data) as {
      choices: { index: number; finish_reason?: string | null; delta: Record<string, string | object[] | null> }[];
      usage?: object | null;
    };
    usageSeen ||= chunk.usage !== undefined && chunk.usage !== null;
    for (const { index, finish_reason: reason, delta: members } of chunk.choices) {
      const has = (name: string): boolean => (members[name]?.length ?? 0) > 0;
      refusalSeen ||= has("refusal");
      contentSeen ||= ["content", "reasoning", "reasoning_content", "tool_calls", "refusal"].some(has);
      finishReasons.set(index, reason ?? finishReasons.get(index) ?? null);
    }
  }
  return { finishReasons, contentSeen, refusalSeen, usageSeen };
}

const hostileText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    '","finish_reason":"stop"',
    '"usage":{"prompt_tokens":1,"completion_tokens":1}',
    '"error":{"message":"x"}',
    '"refusal":"no"',
    "data: [DONE]\n\n",
    "\r\n\r\ndata: {}",
    "\\",
    "\\u0022",
    "}]}",
    "\u2028😀",
  ),
);
const members = fc.oneof(
  hostileText.map((content) => ({ content })),
  hostileText.map((reasoning) => ({ reasoning, content: null })),
  hostileText.map((refusal) => ({ refusal })),
  hostileText.map((name) => ({ tool_calls: [{ index: 0, function: { arguments: name } }] })),
  fc.constantFrom(
    {},
    { role: "assistant", content: "" },
    { content: null },
    { tool_calls: [] },
    { [`"usage"`]: "content" },
  ),
);
const choice = fc.record({
  logprobs: fc.constant(null),
  delta: members,
  index: fc.nat(2),
  finish_reason: fc.constantFrom(null, null, null, "stop", "length"),
});
const chunk = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      id: hostileText,
      choices: fc.array(choice, { minLength: 1, maxLength: 2 }),
      usage: fc.constant(null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } }),
  },
  { weight: 1, arbitrary: fc.record({ obfuscation: hostileText, choices: fc.constant([]) }) },
);
/** Ways to spell the same chunk: indented over several data lines, keys in escapes. */
const spelling = fc.constantFrom<(value: unknown) => string>(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 1),
  (value) =>
    JSON.stringify(value)
      .replaceAll('"usage":', String.raw`"\u0075sage":`)
      .replaceAll('"choices":', String.raw`"\u0063hoices":`),
);
const stream = fc
  .tuple(
    fc.array(fc.tuple(chunk, spelling), { maxLength: 12 }),
    fc.constantFrom("\n", "\r\n", "\r"),
    fc.constantFrom("data: ", "data:"),
    fc.constantFrom("", "\uFEFF", ": ping\n\n"),
    fc.boolean(),
  )
  .map(([chunks, newline, prefix, start, ends]) => {
    const blocks = chunks.map(([value, spell]) =>
      spell(value)
        .split("\n")
        .map((part) => prefix + part)
        .join(newline),
    );
    if (ends) blocks.push("data: [DONE]");
    return start + blocks.map((block) => block + newline + newline).join("");
  });

test("agrees with a reader that parses everything, for hostile texts cut anywhere", () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(3_000), { maxLength: 20 }), fc.boolean(), (whole, cuts, forwardUsage) => {
      const bytes = encodeUtf8(whole);
      const scanned = scan(splitBytes(bytes, cuts), forwardUsage, untouched);
      const naive = readNaively(whole.replace(/^\uFEFF/, ""));
      const { finishReasons, contentSeen, refusalSeen, usage: reading } = scanned.scanner.state;
      expect({ finishReasons, contentSeen, refusalSeen, usageSeen: reading !== null }).toEqual(naive);
      expect(scanned.scanner.state.failure).toBeNull();
      const atOnce = scan([bytes], forwardUsage, untouched);
      expect(scanned.forwarded).toBe(atOnce.forwarded);
      expect(scanned.ending.verdict).toBe(atOnce.ending.verdict);
    }),
    { numRuns: 1_000 },
  );
});

test("never throws, whatever bytes come, and never forwards what it was not given", () => {
  const noise = fc.array(fc.oneof(fc.uint8Array({ maxLength: 30 }), stream.map(encodeUtf8)), { maxLength: 6 });
  fc.assert(
    fc.property(noise, (chunks) => {
      const scanner = createOpenAiStreamScanner({ forwardUsage: false }, untouched);
      const forwarded = chunks.flatMap((bytes) => [...scanner.push(bytes)]);
      const { verdict, forward } = scanner.end();
      expect(["complete", "truncated", "errored", "filtered", "refused"]).toContain(verdict);
      const given = joinBytes(chunks).length;
      expect(joinBytes([...forwarded, ...forward]).length).toBeLessThanOrEqual(given + done.length);
    }),
    { numRuns: 1_000 },
  );
});

test("changes what a client would misread in the same way, wherever a stream is cut", () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(3_000), { maxLength: 20 }), fc.boolean(), (whole, cuts, forwardUsage) => {
      const bytes = encodeUtf8(whole);
      const { forwarded, ending } = scan(splitBytes(bytes, cuts), forwardUsage);
      const atOnce = scan([bytes], forwardUsage);
      expect(forwarded).toBe(atOnce.forwarded);
      expect([ending.verdict, ending.failure]).toEqual([atOnce.ending.verdict, atOnce.ending.failure]);
    }),
    { numRuns: 500 },
  );
});

describe("the end of a stream", () => {
  const late = event({ error: { message: "too late", code: 500 } });

  test("is held back until nothing can follow that makes it untrue", () => {
    const scanner = createOpenAiStreamScanner({ forwardUsage: false });
    expect(decodeUtf8(joinBytes(scanner.push(encodeUtf8(whole))))).toBe(text("Hel") + text("lo"));
    expect(decodeUtf8(joinBytes(scanner.push(encodeUtf8(done))))).toBe(finish("stop") + done);
  });

  test("is not told where an error follows it, but what was said with it is", () => {
    const last = event({ id: "c", choices: [{ index: 0, delta: { content: "lo" }, finish_reason: "stop" }] });
    expect(scanText(text("Hel") + last + late + done)).toMatchObject({
      forwarded: text("Hel") + last.replace('"stop"', "null"),
      ending: { verdict: "errored" },
    });
    expect(scanText(whole + usage + late, true).forwarded).toBe(text("Hel") + text("lo"));
  });

  test("does not keep one choice waiting for another", () => {
    const scanner = createOpenAiStreamScanner({ forwardUsage: false });
    scanner.push(encodeUtf8(text("a", 0) + finish("stop", 0)));
    expect(decodeUtf8(joinBytes(scanner.push(encodeUtf8(text("b", 1)))))).toBe(finish("stop", 0) + text("b", 1));
  });

  test("is [DONE], where a server forgets it", () => {
    expect(scanText(whole).forwarded).toBe(whole + done);
  });

  test("has the usage that was asked for, wherever it came", () => {
    const early = event({
      id: "c1",
      choices: [{ index: 0, delta: { role: "assistant", content: "a" }, finish_reason: "stop" }],
      x_vendor: { usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
    });
    const dialect = { ...openAiDialect, vendorKey: jsonKey("x_vendor") };
    expect(scan([encodeUtf8(early + done)], true, dialect).forwarded).toMatch(
      /"choices":\[\],"usage":\{"prompt_tokens":7/,
    );
    expect(scan([encodeUtf8(early + done)], false, dialect).forwarded).toBe(early + done);
  });
});

test("a JSON body where a stream was expected is the error that it tells of", () => {
  const body = JSON.stringify({ error: { message: "slow down", code: 429 } }, null, 2);
  expect(scanText(body).ending).toMatchObject({ verdict: "errored", failure: { failure: "rate_limited" } });
  expect(scanText('error: {"code":503}\n\n').ending).toMatchObject({ failure: { failure: "overloaded" } });
});
