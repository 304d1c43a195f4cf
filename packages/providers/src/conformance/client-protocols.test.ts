/** Every client protocol against every provider kind: what holds for all pairs, wherever bytes are cut and whatever comes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientProtocols } from "../clients/registry.ts";
import type { ClientProtocol } from "../clients/client-protocol.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { providerCodecs } from "../registry.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { includesBytes, joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { type ProviderFixtures, streamBytes } from "./provider-fixtures.ts";

/** By which a client knows that its answer is whole. */
const lastWords: { readonly [client in ClientProtocol["name"]]: string } = {
  "chat-completions": "data: [DONE]",
  "openai-responses": '"type":"response.completed"',
  "anthropic-messages": '"type":"message_stop"',
};
const error = { status: 502, type: "upstream_error", code: "stream_truncated", message: "It ended.", param: null };

const kinds = await Promise.all(
  providerCodecs.map(async (codec) => {
    const path = `../${codec.manifest.kind}/__fixtures__/conformance.ts`;
    return [codec.manifest.kind, codec, ((await import(path)) as { fixtures: ProviderFixtures }).fixtures] as const;
  }),
);
/**
 * Every kind is cut at every byte as chat clients get it (conformance.test.ts). Here every decoder is once more, for one
 * client: kinds of OpenAI's protocol share theirs, and what writes for a client gets whole events only.
 */
const sharedStep = 13;
const isOfItsOwn = (kind: string, { passthrough }: ProviderFixtures): boolean =>
  passthrough === null || kind === "openai-compatible";

/** Lengths to cut a stream at: every `step`th, and all where an answer becomes whole. */
function cutsOf(length: number, enough: number, step: number): number[] {
  const lengths = Array.from({ length: length + 1 }, (_, at) => at);
  return lengths.filter((at) => at % step === 0 || Math.abs(at - enough) < 3 * sharedStep || at === length);
}

const translatedClients = clientProtocols.filter(({ name }) => name !== "chat-completions");

describe.each(translatedClients.map((client) => [client.name, client] as const))("a client of %s", (name, client) => {
  function push(codec: ProviderCodec, chunks: readonly Uint8Array[]) {
    // The fixtures are streams as chat clients of the kind get them; a kind's own protocol is tested beside its codec.
    const scanner = codec.createStreamScanner(answerOptions({ client }));
    const forwarded = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
    const ending = scanner.end();
    return { forwarded: joinBytes([...forwarded, ...ending.forward]), ending, scanner };
  }

  function scan(codec: ProviderCodec, chunks: readonly Uint8Array[]) {
    const { forwarded, ending, scanner } = push(codec, chunks);
    return { ending, text: decodeUtf8(forwarded), usage: scanner.state.usage };
  }

  test.each(kinds)("gets the same of %s wherever its stream is cut", (_kind, codec, { chatStream }) => {
    const bytes = streamBytes(chatStream.text);
    const expected = scan(codec, [bytes]);
    expect(expected.ending.verdict).toBe("complete");
    const observe = (chunks: readonly Uint8Array[]): void => {
      expect(scan(codec, chunks)).toEqual(expected);
    };
    observe(splitBytes(bytes, [...bytes.keys()]));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => observe(splitBytes(bytes, cuts))),
      { numRuns: 30 },
    );
  });

  test.each(kinds)("is never told that an answer of %s is whole when it was cut", (kind, codec, fixtures) => {
    const { chatStream } = fixtures;
    const bytes = streamBytes(chatStream.text);
    const enough = streamBytes(chatStream.text, chatStream.wholeAt).length;
    const last = encodeUtf8(lastWords[name]);
    const wrong: unknown[] = [];
    const isCutEverywhere = client === translatedClients[0] && isOfItsOwn(kind, fixtures);
    for (const length of cutsOf(bytes.length, enough, isCutEverywhere ? 1 : sharedStep)) {
      const { forwarded, ending, scanner } = push(codec, [bytes.slice(0, length)]);
      const isWhole = length >= enough;
      const wasToldSo = includesBytes(forwarded, last);
      const failsWell = !includesBytes(scanner.writeFailure(error), last);
      const isJudgedWell = ending.verdict === (isWhole ? "complete" : "truncated");
      if (!isJudgedWell || wasToldSo !== isWhole || !failsWell)
        wrong.push([length, ending.verdict, wasToldSo, failsWell]);
    }
    expect(wrong).toEqual([]);
  });

  test.each(kinds)("is told of an error inside a stream of %s, and of nothing after it", (_kind, codec, fixtures) => {
    const { ending, text } = scan(codec, [streamBytes(fixtures.brokenStream.text)]);
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure: fixtures.brokenStream.failure } });
    expect(text).not.toContain(lastWords[name]);
  });

  test.each(kinds)(
    "pays the same for a whole answer of %s as for its stream",
    (_kind, codec, { chatAnswer, chatStream }) => {
      const whole = codec.readCompleteResponse("chat", encodeUtf8(chatAnswer.body), answerOptions({ client }));
      const { usage } = scan(codec, [streamBytes(chatStream.text)]);
      expect(whole).toMatchObject({ ok: true, verdict: "complete", usage });
      expect(usage).toEqual({ kind: "usable", usage: chatAnswer.usage, warnings: [] });
    },
  );

  test.each(kinds)("gets something, or a failure, of whatever %s may say", (_kind, codec) => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({
        type: fc.constantFrom("message_start", "content_block_delta", "message_delta", "message_stop", "error", 7),
        message: fc.jsonValue({ maxDepth: 2 }),
        delta: fc.jsonValue({ maxDepth: 2 }),
      }),
      fc.record({
        choices: fc.array(
          fc.record({
            delta: fc.oneof(
              fc.jsonValue({ maxDepth: 2 }),
              fc.record({
                content: fc.jsonValue({ maxDepth: 2 }),
                tool_calls: fc.array(fc.jsonValue({ maxDepth: 2 })),
              }),
            ),
            finish_reason: fc.constantFrom("stop", "length", "tool_calls", "error", "odd", null, 1),
          }),
        ),
        usage: fc.jsonValue({ maxDepth: 2 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 6 }), (events) => {
        const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
        const { ending, text: told } = scan(codec, [encodeUtf8(text)]);
        expect(told.includes(lastWords[name]) && ending.failure !== null).toBe(false);
        codec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(events[0] ?? null)), answerOptions({ client }));
      }),
      { numRuns: 30 },
    );
  });
});
