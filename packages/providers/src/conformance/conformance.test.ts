/** What the gateway relies on, asked of every kind in the registry. A kind without fixtures fails here. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { providerManifests } from "../manifests.ts";
import { findProviderCodec, providerCodecs } from "../registry.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { readRequest } from "../testing/read-request.ts";
import type { RequestToEncode } from "../provider-codec.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { type ProviderFixtures, streamBytes } from "./provider-fixtures.ts";

test("the browser's list of kinds is the registry's, in the same order", () => {
  expect(providerManifests).toEqual(providerCodecs.map(({ manifest }) => manifest));
  expect(new Set(providerManifests.map(({ kind }) => kind)).size).toBe(providerManifests.length);
  expect(findProviderCodec("psychic")).toBeUndefined();
  expect(findProviderCodec("__proto__")).toBeUndefined();
});

describe.each(providerCodecs.map((codec) => [codec.manifest.kind, codec] as const))("%s", async (kind, codec) => {
  const { fixtures } = (await import(`../${kind}/__fixtures__/conformance.ts`)) as { fixtures: ProviderFixtures };
  const { manifest } = codec;

  function encode(request: RequestToEncode) {
    const encoding = codec.encodeRequest(request);
    if (!encoding.ok) throw new Error(encoding.message);
    return encoding;
  }

  function scan(chunks: readonly Uint8Array[], forwardUsage: boolean) {
    const scanner = codec.createStreamScanner(answerOptions({ forwardUsage }));
    const forwarded = chunks.flatMap((chunk) => [...scanner.push(chunk)]);
    const ending = scanner.end();
    return { state: scanner.state, ending, forwarded: decodeUtf8(joinBytes([...forwarded, ...ending.forward])) };
  }

  function eventsOf(text: string): string[] {
    return text.split("\n\n").filter((event) => event !== "");
  }

  test("is found by its kind and describes itself", () => {
    expect(findProviderCodec(kind)).toBe(codec);
    expect(kind).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(manifest.displayName).not.toBe("");
    expect(manifest.credentialLabel).not.toBe("");
    expect(manifest.operations.length).toBeGreaterThan(0);
    expect(manifest.defaultBaseUrl ?? "https://none.example").toMatch(/^https:\/\/[^/]+(\/[^/]+)*$/);
    expect(manifest.defaultBaseUrl === null).toBe(manifest.generic || manifest.baseUrlHint !== undefined);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  test("appends its paths to a base URL without a trailing slash", () => {
    const paths = manifest.operations.map((operation) =>
      codec.requestPath(operation, { model: "m", stream: false, basePath: "" }),
    );
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of [...paths, manifest.modelListPath ?? "/none"]) expect(path).toMatch(/^(\/[^/?#]+)+$/);
  });

  test("sends a credential in headers only, and asks for bytes that can be read", () => {
    const headers = codec.requestHeaders("secret-credential");
    expect(Object.values(headers).filter((value) => value.includes("secret-credential"))).toHaveLength(1);
    expect(Object.keys(headers).every((name) => name === name.toLowerCase())).toBe(true);
    expect(headers).toMatchObject({ "content-type": "application/json", "accept-encoding": "identity" });
    expect(
      Object.keys(codec.requestHeaders(null)).some((name) =>
        ["authorization", "x-api-key", "x-goog-api-key", "api-key"].includes(name),
      ),
    ).toBe(false);
  });

  test.runIf(fixtures.passthrough)(
    "leaves a request alone that needs no change, and changes no more than it must",
    () => {
      const { request: text, asksForUsage } = fixtures.passthrough!;
      const untouched = readRequest(text);
      expect(encode(untouched).body).toBe(untouched.body);
      const renamed = encode(readRequest(text, { model: "other" }));
      expect(decodeUtf8(renamed.body)).toBe(text.replace('"m"', '"other"'));
      expect(renamed.changed).toEqual(["model"]);
      const streamed = readRequest(text.replace("{", '{"stream":true,"stream_options":null,'), { includeUsage: true });
      expect(readRequest(decodeUtf8(encode(streamed).body)).parsed["stream_options"]).toEqual(
        asksForUsage ? { include_usage: true } : undefined,
      );
    },
  );

  test("sends the output cap that it is told", () => {
    const capped = encode(
      readRequest('{"messages":[{"role":"user","content":"hi"}],"model":"m"}', { outputTokensCap: 12 }),
    );
    expect(decodeUtf8(capped.body)).toMatch(/"\w+":12[,}]/);
  });

  test("reads a complete answer", () => {
    const { body, usage } = fixtures.chatAnswer;
    expect(codec.readCompleteResponse("chat", encodeUtf8(body), answerOptions())).toMatchObject({
      ok: true,
      verdict: "complete",
      empty: false,
      usage: { kind: "usable", usage, warnings: [] },
    });
  });

  test("tells refusals and empty answers from others", () => {
    const read = (body: string): object => codec.readCompleteResponse("chat", encodeUtf8(body), answerOptions());
    const refusals = fixtures.refusal === null ? [] : [read(fixtures.refusal)];
    for (const refusal of refusals) expect(refusal).toMatchObject({ ok: true, verdict: "refused", empty: false });
    expect(read(fixtures.emptyAnswer)).toMatchObject({ ok: true, verdict: "complete", empty: true });
  });

  test.runIf(manifest.operations.includes("embeddings"))("reads embeddings", () => {
    const { body, usage } = fixtures.embeddingsAnswer!;
    expect(codec.readCompleteResponse("embeddings", encodeUtf8(body), answerOptions())).toMatchObject({
      ok: true,
      verdict: "complete",
      empty: false,
      usage: { kind: "usable", usage },
    });
  });

  test("takes an answer cut anywhere for malformed", () => {
    const bytes = encodeUtf8(fixtures.chatAnswer.body.trimEnd());
    const wrong: unknown[] = [];
    for (let length = 0; length < bytes.length; length++) {
      const response = codec.readCompleteResponse("chat", bytes.slice(0, length), answerOptions());
      if (response.ok || response.failure.failure !== "malformed_response") wrong.push([length, response]);
    }
    expect(wrong).toEqual([]);
  });

  test("settles a stream for what the complete answer settles for", () => {
    const { state, ending } = scan([streamBytes(fixtures.chatStream.text)], true);
    expect(state.usage).toEqual({ kind: "usable", usage: fixtures.chatAnswer.usage, warnings: [] });
    expect(ending).toMatchObject({ verdict: "complete", failure: null, empty: false });
    expect(state).toMatchObject({ contentSeen: true, refusalSeen: false });
  });

  test.runIf(fixtures.passthrough)(
    "passes a stream through byte for byte, without usage where none was asked for",
    () => {
      const { text } = fixtures.chatStream;
      const bytes = streamBytes(text);
      const { forwarded } = scan([bytes], true);
      const given = new Set(eventsOf(String(text)));
      const changed = eventsOf(forwarded).filter((event) => !given.has(event));
      expect(changed).toHaveLength(fixtures.passthrough!.changedEvents);
      expect(changed.length === 0 ? forwarded : text).toBe(text);
      const withheld = scan([bytes], false);
      expect(withheld.forwarded.length < forwarded.length).toBe(fixtures.passthrough!.usageHasItsChunk);
      expect(withheld.state.usage?.kind).toBe("usable");
    },
  );

  test("does not depend on where a stream is cut into chunks", () => {
    const bytes = streamBytes(fixtures.chatStream.text);
    const expected = scan([bytes], false);
    const observe = (chunks: readonly Uint8Array[]): void => {
      const { state, ending, forwarded } = scan(chunks, false);
      expect({ usage: state.usage, ending, forwarded }).toEqual({
        usage: expected.state.usage,
        ending: expected.ending,
        forwarded: expected.forwarded,
      });
    };
    observe(splitBytes(bytes, [...bytes.keys()]));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => observe(splitBytes(bytes, cuts))),
    );
  });

  test("never takes a stream that ends early for a complete one", () => {
    const { text, wholeAt } = fixtures.chatStream;
    const bytes = streamBytes(text);
    const enough = streamBytes(text, wholeAt).length;
    const isUnchanged = fixtures.passthrough?.changedEvents === 0;
    const wrong: unknown[] = [];
    let isBeginning = true;
    let latest = "";
    for (let length = 0; length <= bytes.length; length++) {
      const { ending, forwarded } = scan([bytes.slice(0, length)], true);
      const isJudgedWell = ending.verdict === (length < enough ? "truncated" : "complete");
      const isToldSo = (ending.failure?.failure ?? null) === (length < enough ? "truncated" : null);
      // What the client gets is whole events: a beginning of the provider's stream, and the end that it may lack.
      if (isUnchanged && forwarded !== latest) {
        isBeginning = String(text).startsWith(forwarded.replace(/\s*(?:data: \[DONE\])?\s*$/, ""));
        latest = forwarded;
      }
      if (!isJudgedWell || !isToldSo || !isBeginning) wrong.push([length, ending, forwarded]);
    }
    expect(wrong).toEqual([]);
  });

  test.runIf(typeof fixtures.chatStream.text === "string")(
    "puts an answer together that is streamed where a whole one was asked for",
    () => {
      const { chatAnswer, chatStream, brokenStream } = fixtures;
      const read = (body: Uint8Array) => codec.readCompleteResponse("chat", body, answerOptions());
      const bytes = streamBytes(chatStream.text);
      const usage = { kind: "usable", usage: chatAnswer.usage, warnings: [] };
      expect(read(bytes)).toMatchObject({ ok: true, verdict: "complete", empty: false, usage });
      const broken = { failure: brokenStream.failure };
      expect(read(streamBytes(brokenStream.text))).toMatchObject({ ok: false, failure: broken });
      const enough = streamBytes(chatStream.text, chatStream.wholeAt).length;
      const wrong = Array.from({ length: bytes.length }, (_, length) => length).filter(
        (length) => read(bytes.slice(0, length)).ok !== length >= enough,
      );
      expect(wrong).toEqual([]);
    },
  );

  test("reports an error inside a stream, and forwards nothing of it", () => {
    const { text, failure } = fixtures.brokenStream;
    const { ending, forwarded, state } = scan([streamBytes(text)], true);
    expect(ending).toMatchObject({ verdict: "errored", failure: { failure } });
    expect(state.contentSeen).toBe(true);
    expect(forwarded).not.toMatch(/error|\[DONE\]/);
    expect(forwarded.length).toBeGreaterThan(0);
  });

  test("classifies its failures without letting the provider's words through", () => {
    for (const { status, headers = {}, body, failure, retryAfterMs } of fixtures.failures) {
      const classified = codec.classifyFailure({ status, headers, body: encodeUtf8(body), nowMs: 0 });
      expect(classified).toMatchObject({ failure, retryAfterMs: retryAfterMs ?? null });
      expect(classified.providerMessage === null || classified.message !== classified.providerMessage).toBe(true);
    }
  });
});
