/** Sources of an answer, from the words of each kind into those of clients that have words for them. */
import { expect, test } from "vitest";
import { anthropicCodec } from "../anthropic/codec.ts";
import { awsBedrockCodec } from "../aws-bedrock/codec.ts";
import { openAiResponses } from "../clients/openai-responses/protocol.ts";
import { cohereCodec } from "../cohere/codec.ts";
import { googleGeminiCodec } from "../google-gemini/codec.ts";
import { openrouterCodec } from "../openrouter/codec.ts";
import { perplexityCodec } from "../perplexity/codec.ts";
import type { ProviderCodec } from "../provider-codec.ts";
import { answerOptions } from "../testing/answer-options.ts";
import { joinBytes } from "../testing/split-bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../text/utf8.ts";

const url = "https://example.org/harbours";
const page = { type: "url_citation", url_citation: { url, title: "Harbours" } };
const text = "Quiet.";

function read(codec: ProviderCodec, answer: object, client = answerOptions().client): Record<string, unknown> {
  const response = codec.readCompleteResponse("chat", encodeUtf8(JSON.stringify(answer)), answerOptions({ client }));
  if (!response.ok || response.body === null) throw new Error("no answer was written");
  return JSON.parse(decodeUtf8(response.body)) as Record<string, unknown>;
}

test.each<[string, ProviderCodec, object, object]>([
  [
    "Anthropic's pages",
    anthropicCodec,
    {
      id: "m",
      type: "message",
      content: [
        {
          type: "text",
          text,
          citations: [{ type: "web_search_result_location", url, title: "Harbours", cited_text: "Quiet" }],
        },
      ],
      stop_reason: "end_turn",
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    page,
  ],
  [
    "Gemini's grounding",
    googleGeminiCodec,
    {
      candidates: [
        {
          content: { parts: [{ text }] },
          finishReason: "STOP",
          groundingMetadata: { groundingChunks: [{ web: { uri: url, title: "Harbours" } }] },
        },
      ],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
    },
    page,
  ],
  [
    "Perplexity's results, each told once",
    perplexityCodec,
    {
      id: "p",
      citations: [url],
      search_results: [{ url, title: "Harbours", date: null }],
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    },
    page,
  ],
  [
    "Bedrock's documents",
    awsBedrockCodec,
    {
      output: {
        message: {
          content: [
            { citationsContent: { content: [{ text }], citations: [{ title: "d", sourceContent: [{ text: "q" }] }] } },
          ],
        },
      },
      stopReason: "end_turn",
      usage: { inputTokens: 1, outputTokens: 1 },
    },
    {
      type: "url_citation",
      url_citation: { url: "", title: "d", start_index: 0, end_index: 0 },
      document_citation: { title: "d", text: "q" },
    },
  ],
  [
    "Cohere's documents",
    cohereCodec,
    {
      id: "c",
      message: {
        content: [{ type: "text", text }],
        citations: [{ start: 0, end: 5, text: "Quiet", sources: [{ type: "document", document: { id: "doc:1" } }] }],
      },
      finish_reason: "COMPLETE",
    },
    {
      type: "url_citation",
      url_citation: { url: "", title: "doc:1", start_index: 0, end_index: 5 },
      document_citation: { title: "doc:1", text: "Quiet", start_index: 0, end_index: 5 },
    },
  ],
])("%s are annotations of a chat completion", (_whose, codec, answer, annotation) => {
  expect(read(codec, answer)["choices"]).toMatchObject([{ message: { content: text, annotations: [annotation] } }]);
});

test("a server's own annotations reach a client of Responses", () => {
  const cited = { ...page.url_citation, start_index: 0, end_index: 5 };
  const message = { role: "assistant", content: text, annotations: [{ type: "url_citation", url_citation: cited }] };
  const answer = { id: "c", choices: [{ index: 0, message, finish_reason: "stop" }] };
  expect(read(openrouterCodec, answer, openAiResponses)["output"]).toMatchObject([
    { content: [{ type: "output_text", text, annotations: [{ type: "url_citation", url, start_index: 0 }] }] },
  ]);
});

test("pages that are told before the text are cited by it", () => {
  const chunk = (delta: object, finish: string | null = null): string =>
    `data: ${JSON.stringify({ id: "c", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const stream = [chunk({ content: "", annotations: [page] }), chunk({ content: text }), chunk({}, "stop")].join("");
  const scanner = openrouterCodec.createStreamScanner(answerOptions({ client: openAiResponses }));
  const written = decodeUtf8(joinBytes([...scanner.push(encodeUtf8(stream)), ...scanner.end().forward]));
  const annotation = { type: "url_citation", url, title: "Harbours", start_index: 0, end_index: 0 };
  expect(written.match(/"response.output_text.annotation.added"/g)).toHaveLength(1);
  expect(written).toContain(JSON.stringify({ type: "output_text", text, annotations: [annotation], logprobs: [] }));
});
