/** Protocols that pass to a provider that speaks them: bytes stay as they are, and everything is known that must be. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { messagesFixtures } from "../anthropic/__fixtures__/messages.ts";
import { anthropicCodec } from "../anthropic/codec.ts";
import { clientProtocols } from "../clients/registry.ts";
import { responsesFixtures } from "../openai/__fixtures__/responses.ts";
import { openaiCodec } from "../openai/codec.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

const pairs = [
  [anthropicCodec, messagesFixtures],
  [openaiCodec, responsesFixtures],
] as const;

describe.each(pairs.map(([codec, fixtures]) => [fixtures.client, codec, fixtures] as const))(
  "%s",
  (name, codec, fixtures) => {
    const passage = codec.natives?.[name];
    const client = clientProtocols.find((protocol) => protocol.name === name);
    if (passage === undefined || client === undefined) throw new Error(`${codec.manifest.kind} does not pass ${name}`);
    const options = answerOptions({ client });
    const bytes = encodeUtf8(fixtures.stream);
    const enough = encodeUtf8(fixtures.stream.slice(0, fixtures.wholeAt)).length;

    function scan(chunks: readonly Uint8Array[]) {
      const scanner = passage!.createStreamScanner(options);
      const forwarded = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
      const ending = scanner.end();
      const text = decodeUtf8(joinBytes([...forwarded, ...ending.forward]));
      return { ending, text, usage: scanner.state.usage, contentSeen: scanner.state.contentSeen };
    }

    test("leaves a request alone, and changes no more than it must", () => {
      const untouched = readRequest(fixtures.request);
      const sent = passage.encodeRequest(untouched);
      expect(sent).toMatchObject({ ok: true, changed: [] });
      expect(sent.ok && sent.body).toBe(untouched.body);
      const changed = passage.encodeRequest(readRequest(fixtures.request, { model: "other", outputTokensCap: 12 }));
      const expected = fixtures.request.replace('"m"', '"other"').replace("900", "12");
      expect(changed.ok && decodeUtf8(changed.body)).toBe(expected);
      const roomy = passage.encodeRequest(readRequest(fixtures.request, { outputTokensCap: 1_000 }));
      expect(roomy).toMatchObject({ changed: [] });
    });

    test("passes a stream byte for byte wherever it is cut, and knows what it used", () => {
      const observe = (chunks: readonly Uint8Array[]): void => {
        expect(scan(chunks)).toMatchObject({
          text: fixtures.stream,
          ending: { verdict: "complete", failure: null, empty: false },
          usage: { kind: "usable", usage: fixtures.usage, warnings: [] },
          contentSeen: true,
        });
      };
      observe([bytes]);
      observe(splitBytes(bytes, [...bytes.keys()]));
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => observe(splitBytes(bytes, cuts))),
      );
    });

    test("never takes a stream that ends early for a complete one", () => {
      const wrong: unknown[] = [];
      for (let length = 0; length <= bytes.length; length++) {
        const { ending, text } = scan([bytes.slice(0, length)]);
        const isWhole = length >= enough;
        // A blank line more than the cut left over does no harm.
        const told = text.replaceAll("\n\n\n", "\n\n").trimEnd();
        const isBeginning = fixtures.stream.startsWith(told) && (told === fixtures.stream.trimEnd()) === isWhole;
        if (ending.verdict !== (isWhole ? "complete" : "truncated") || !isBeginning) wrong.push([length, ending, text]);
      }
      expect(wrong).toEqual([]);
    });

    test("withholds an error, and words its own", () => {
      for (const broken of fixtures.broken) {
        const { ending, text } = scan([encodeUtf8(broken)]);
        expect(ending.verdict).toBe("errored");
        expect(broken.startsWith(text)).toBe(true);
        expect(text).not.toMatch(/event: (?:error|response\.failed)/);
      }
    });

    test("judges the whole answer as its stream, without touching it", () => {
      const whole = passage.readCompleteResponse("chat", encodeUtf8(fixtures.answer), options);
      expect(whole).toMatchObject({
        ok: true,
        body: null,
        verdict: "complete",
        empty: false,
        usage: { kind: "usable", usage: fixtures.usage },
      });
      const answer = encodeUtf8(fixtures.answer);
      const wrong: unknown[] = [];
      for (let length = 0; length < answer.length; length++) {
        const cut = passage.readCompleteResponse("chat", answer.slice(0, length), options);
        if (cut.ok || cut.failure.failure !== "malformed_response") wrong.push([length, cut]);
      }
      expect(wrong).toEqual([]);
    });

    test("puts an answer together that is streamed where a whole one was asked for", () => {
      const read = (body: Uint8Array) => passage.readCompleteResponse("chat", body, options);
      const response = read(bytes);
      if (!response.ok || response.body === null) throw new Error("There is no answer.");
      expect(JSON.parse(decodeUtf8(response.body))).toEqual(JSON.parse(fixtures.answer));
      expect(response).toMatchObject({ verdict: "complete", usage: { kind: "usable", usage: fixtures.usage } });
      const wrong = Array.from({ length: bytes.length }, (_, length) => length).filter(
        (length) => read(bytes.slice(0, length)).ok !== length >= enough,
      );
      expect(wrong).toEqual([]);
      for (const broken of fixtures.broken) expect(read(encodeUtf8(broken)).ok).toBe(false);
    });

    test("throws for nothing that a provider may say", () => {
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.record({
          type: fc.constantFrom("message_start", "message_delta", "response.completed", "response.x.delta", "error", 7),
          message: fc.jsonValue({ maxDepth: 2 }),
          response: fc.record({ status: fc.jsonValue(), usage: fc.jsonValue(), output: fc.jsonValue() }),
          delta: fc.jsonValue({ maxDepth: 2 }),
          usage: fc.jsonValue({ maxDepth: 2 }),
        }),
      );
      fc.assert(
        fc.property(fc.array(value, { maxLength: 6 }), (events) => {
          const { ending } = scan([encodeUtf8(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""))]);
          expect(ending.failure === null).toBe(!["truncated", "errored"].includes(ending.verdict));
          const whole = passage.readCompleteResponse("chat", encodeUtf8(JSON.stringify(events[0] ?? null)), options);
          expect(whole.ok).toBeTypeOf("boolean");
        }),
      );
    });
  },
);
