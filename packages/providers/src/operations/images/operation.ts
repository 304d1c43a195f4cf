import { FieldReader, isFields } from "../../json/field-reader.ts";
import type { UsageReading } from "../../provider-codec.ts";
import { jsonType, type ClientOperation } from "../client-operation.ts";
import { answered, usageOf } from "../read-quantities.ts";
import { readMembers } from "../read-members.ts";
import { tokensAtLeast, tokensAtMost } from "../text-bounds.ts";

const mostImages = 128;
/** Above every published figure: 6,240 tokens for a picture of 1536x1024 in high quality. */
const tokensPerImageAtMost = 16_384;
const templateTokensAtMost = 256;

/** Pictures; billed by the picture, or by the tokens that the provider reports. */
export const imagesOperation: ClientOperation = {
  operation: "images",
  path: "/images/generations",
  form: "json",
  delivery: "complete",
  readRequest({ parsed }) {
    const reader = new FieldReader();
    const model = reader.requiredText(parsed, "model");
    const prompt = reader.requiredText(parsed, "prompt");
    const images = reader.count(parsed, "n", mostImages) ?? 1;
    if (reader.flag(parsed, "stream")) reader.refuse("stream", "Pictures are answered whole: leave 'stream' out.");
    if (reader.problem !== null) return { ok: false, ...reader.problem };
    const input = {
      inputTokensAtMost: tokensAtMost(prompt) + templateTokensAtMost,
      inputTokensAtLeast: tokensAtLeast(prompt),
    };
    const output = { outputTokensAsked: tokensPerImageAtMost, answers: images };
    // How many pictures there are is known from the answer: a filter may hold some back.
    return { ok: true, facts: { model, ...input, ...output, unitsAtMost: { images }, counted: {} } };
  },
  readAnswer(body) {
    const reading = readMembers(body, "data", ["usage"]);
    if (!reading.ok) return reading;
    const { items, members } = reading.answer;
    return answered(readImageUsage(items ?? 0, members.get("usage")), (items ?? 0) === 0);
  },
  answerType: () => jsonType,
};

/** `usage` of the models that report one: input in text and picture tokens, output in picture tokens. */
function readImageUsage(images: number, usage: unknown): UsageReading | null {
  if (!isFields(usage)) return usageOf({ images });
  const details = isFields(usage["input_tokens_details"]) ? usage["input_tokens_details"] : {};
  const { input_tokens: input, output_tokens: output } = usage;
  const imageInput = details["image_tokens"] ?? 0;
  if (typeof input !== "number" || typeof imageInput !== "number" || imageInput > input) {
    return { kind: "unusable", problem: "input_tokens is not a count of tokens" };
  }
  return usageOf({ images, input: input - imageInput, image_input: imageInput, image_output: output });
}
