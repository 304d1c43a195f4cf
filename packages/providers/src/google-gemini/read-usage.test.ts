import { describe, expect, test } from "vitest";
import { answerOptions } from "../testing/answer-options.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { googleGeminiCodec } from "./codec.ts";

type Json = Record<string, unknown>;

function response(usageMetadata: Json): Json {
  return { candidates: [{ content: { parts: [{ text: "a" }], role: "model" }, finishReason: "STOP" }], usageMetadata };
}

function whole(usageMetadata: Json) {
  const body = encodeUtf8(JSON.stringify(response(usageMetadata)));
  return googleGeminiCodec.readCompleteResponse("chat", body, answerOptions());
}

describe("usage", () => {
  test.each<[Json, Json]>([
    [{ promptTokenCount: 5, totalTokenCount: 5 }, { input: 5 }],
    [
      {
        promptTokenCount: 10,
        toolUsePromptTokenCount: 7,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 2,
        totalTokenCount: 22,
      },
      { input: 17, output: 3, reasoning: 2 },
    ],
    [
      { promptTokenCount: 10, cachedContentTokenCount: 4, promptTokensDetails: [{ modality: "AUDIO", tokenCount: 5 }] },
      { input: 1, cached_input: 4, audio_input: 5 },
    ],
    [
      {
        promptTokenCount: 8,
        candidatesTokenCount: 1_219,
        candidatesTokensDetails: [
          { modality: "IMAGE", tokenCount: 1_120 },
          { modality: "AUDIO", tokenCount: 9 },
        ],
      },
      { input: 8, output: 90, image_output: 1_120, audio_output: 9 },
    ],
  ])("%j is %j", (usageMetadata, usage) => {
    const read = whole(usageMetadata);
    expect(read).toMatchObject({ usage: { kind: "usable", warnings: [] } });
    expect(read.ok && read.usage?.kind === "usable" && read.usage.usage).toEqual(usage);
  });

  test.each([
    [{ serviceTier: "standard" }, "standard"],
    [{ serviceTier: "FLEX" }, "flex"],
    [{ trafficType: "ON_DEMAND_PRIORITY" }, "priority"],
    [{ trafficType: "PROVISIONED_THROUGHPUT" }, null],
    [{}, null],
  ])("of %j is by the prices of %s", (told, serviceTier) => {
    const usageMetadata = { promptTokenCount: 4, ...told };
    expect(whole(usageMetadata)).toMatchObject({ serviceTier });
  });

  test("of a stream is what it told last, also where that is less", () => {
    const scanner = googleGeminiCodec.createStreamScanner(answerOptions());
    const told = [
      response({ promptTokenCount: 8, candidatesTokenCount: 1, thoughtsTokenCount: 244 }),
      response({ promptTokenCount: 8, thoughtsTokenCount: 167 }),
    ];
    scanner.push(encodeUtf8(told.map((part) => `data: ${JSON.stringify(part)}\n\n`).join("")));
    scanner.end();
    expect(scanner.state.usage).toMatchObject({ usage: { input: 8, output: 1, reasoning: 167 } });
  });

  test("that cannot be is not billed by", () => {
    const usageMetadata = { promptTokenCount: 4, cachedContentTokenCount: 5 };
    expect(whole(usageMetadata)).toMatchObject({ usage: { kind: "unusable" } });
    expect(whole({ trafficType: "X" })).toMatchObject({
      usage: null,
    });
  });
});
