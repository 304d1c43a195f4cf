/** Probabilities of tokens, from the words of each kind that tells them into those of clients that can ask for them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anthropicMessages } from "../clients/anthropic-messages/protocol.ts";
import { openAiResponses } from "../clients/openai-responses/protocol.ts";
import { googleGeminiCodec } from "../google-gemini/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { readRequest } from "../testing/read-request.ts";
import { joinBytes, splitBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";
import { togetherCodec } from "../together/codec.ts";
import { vllmCodec } from "../vllm/codec.ts";

type Json = Record<string, unknown>;

const candidate = (token: string, logProbability: number): Json => ({ token, tokenId: 7, logProbability });
const geminiResponse = (text: string, tokens: readonly [string, number][], finishReason?: string): Json => ({
  candidates: [
    {
      content: { parts: [{ text }] },
      finishReason,
      logprobsResult: {
        chosenCandidates: tokens.map(([token, logprob]) => candidate(token, logprob)),
        topCandidates: tokens.map(([token, logprob]) => ({
          candidates: [candidate(token, logprob), candidate("Loud", -3)],
        })),
      },
    },
  ],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
  responseId: "r1",
});
const chatToken = (token: string, logprob: number): Json => ({
  token,
  logprob,
  bytes: null,
  top_logprobs: [
    { token, logprob, bytes: null },
    { token: "Loud", logprob: -3, bytes: null },
  ],
});
const wanted = [chatToken("Quiet", -0.1), chatToken(".", -0.2)];
const geminiWhole = geminiResponse(
  "Quiet.",
  [
    ["Quiet", -0.1],
    [".", -0.2],
  ],
  "STOP",
);
const geminiChunks = [geminiResponse("Quiet", [["Quiet", -0.1]]), geminiResponse(".", [[".", -0.2]], "STOP")];

function whole(codec: ProviderCodec, answer: Json, client = answerOptions().client): Json {
  const body = encodeUtf8(JSON.stringify(answer));
  const read = codec.readCompleteResponse("chat", body, answerOptions({ client }));
  if (!read.ok) throw new Error(read.failure.message);
  return JSON.parse(decodeUtf8(read.body ?? body)) as Json;
}

function stream(codec: ProviderCodec, chunks: readonly Json[], client = answerOptions().client, cuts: number[] = []) {
  const text = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  const scanner = codec.createStreamScanner(answerOptions({ client }));
  const forwarded = splitBytes(encodeUtf8(text), cuts).flatMap((piece) => [...scanner.push(piece)]);
  const written = decodeUtf8(joinBytes([...forwarded, ...scanner.end().forward]));
  return [...written.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json ?? "") as Json);
}

const tokensIn = (chunks: readonly Json[]): unknown[] =>
  chunks.flatMap(({ choices }) =>
    (choices as Json[]).flatMap(({ logprobs }) => ((logprobs as Json | null)?.["content"] as unknown[]) ?? []),
  );

describe("of Gemini", () => {
  test("stand beside a completion", () => {
    expect(whole(googleGeminiCodec, geminiWhole)["choices"]).toMatchObject([{ logprobs: { content: wanted } }]);
  });

  test("come with the chunk of their text, wherever a stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 6 }), (cuts) => {
        const chunks = stream(googleGeminiCodec, geminiChunks, undefined, cuts);
        expect(tokensIn(chunks)).toEqual(wanted);
        const quiet = chunks.find(({ choices }) => JSON.stringify(choices).includes('"content":"Quiet"'));
        expect(quiet?.["choices"]).toMatchObject([{ logprobs: { content: [wanted[0]] } }]);
      }),
      { numRuns: 30 },
    );
  });

  test("are a part's in Responses, and come with each of its deltas", () => {
    const content = [{ type: "output_text", text: "Quiet.", logprobs: wanted }];
    expect(whole(googleGeminiCodec, geminiWhole, openAiResponses)["output"]).toMatchObject([{ content }]);
    const events = stream(googleGeminiCodec, geminiChunks, openAiResponses);
    const deltas = events.filter(({ type }) => type === "response.output_text.delta");
    expect(deltas.map(({ logprobs }) => logprobs)).toEqual([[wanted[0]], [wanted[1]]]);
    expect(events.at(-1)).toMatchObject({ response: { output: [{ content }] } });
  });

  test("have no place in a message", () => {
    expect(whole(googleGeminiCodec, geminiWhole, anthropicMessages)["content"]).toEqual([
      { type: "text", text: "Quiet." },
    ]);
  });
});

test("of a server of OpenAI's protocol reach a client of Responses", () => {
  const choice = { index: 0, message: { content: "Quiet." }, logprobs: { content: wanted }, finish_reason: "stop" };
  expect(whole(vllmCodec, { id: "c", choices: [choice] }, openAiResponses)["output"]).toMatchObject([
    { content: [{ text: "Quiet.", logprobs: wanted }] },
  ]);
});

describe("of Together", () => {
  const rows = {
    tokens: ["Quiet", "."],
    token_logprobs: [-0.1, -0.2],
    top_logprobs: [
      { Quiet: -0.1, Loud: -3 },
      { ".": -0.2, Loud: -3 },
    ],
  };
  const choice = { index: 0, message: { role: "assistant", content: "Quiet." }, finish_reason: "stop" };

  test("are listed as OpenAI does", () => {
    const answer = whole(togetherCodec, { id: "t", choices: [{ ...choice, logprobs: rows }] });
    expect(answer["choices"]).toMatchObject([{ logprobs: { content: wanted, refusal: null } }]);
  });

  test("may be one number in a chunk of one token", () => {
    const delta = (content: string, logprobs: number) => ({
      id: "t",
      choices: [{ index: 0, delta: { role: "assistant", content }, logprobs, finish_reason: null }],
    });
    const end = { id: "t", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const chunks = stream(togetherCodec, [delta("Quiet", -0.1), delta(".", -0.2), end]);
    expect(tokensIn(chunks)).toMatchObject([
      { token: "Quiet", logprob: -0.1 },
      { token: ".", logprob: -0.2 },
    ]);
  });

  test.each([
    [{ logprobs: true }, { logprobs: 1 }],
    [{ logprobs: true, top_logprobs: 4 }, { logprobs: 4 }],
    [{ logprobs: false, top_logprobs: 0 }, {}],
    [{ logprobs: 3 }, { logprobs: 3 }],
    [{}, {}],
  ])("%j is asked for as %j", (asked, sent) => {
    const request = readRequest(JSON.stringify({ model: "m", messages: [], ...asked }));
    const encoded = togetherCodec.encodeRequest(request);
    if (!encoded.ok) throw new Error(encoded.message);
    const { logprobs, top_logprobs: top } = JSON.parse(decodeUtf8(encoded.body)) as Json;
    expect({ logprobs, top }).toEqual({ logprobs: undefined, top: undefined, ...sent });
  });
});

describe("of a request", () => {
  const conversationOf = (fields: Json) => openAiResponses.readConversation({ model: "m", input: "hi", ...fields });

  test.each([
    [{ include: ["message.output_text.logprobs"] }, { logprobs: true }],
    [{ top_logprobs: 3 }, { logprobs: true, top_logprobs: 3 }],
    [
      { include: ["message.output_text.logprobs", "reasoning.encrypted_content"], top_logprobs: 2 },
      { logprobs: true, top_logprobs: 2 },
    ],
  ])("in Responses, %j is %j", (fields, asked) => {
    expect(conversationOf(fields)).toMatchObject({ ok: true, conversation: asked, dropped: [] });
  });

  test("in Responses, other things to include are still for its own providers alone", () => {
    const read = conversationOf({ include: ["file_search_call.results"] });
    expect(read).toMatchObject({ ok: false, param: "include" });
    expect(conversationOf({ top_logprobs: 0 })).toMatchObject({ ok: true, conversation: { model: "m" } });
  });
});
