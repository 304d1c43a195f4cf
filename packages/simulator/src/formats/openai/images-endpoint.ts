import { inputCounts, NO_TOKENS } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject } from "../../text/json-object.ts";
import type { AnswerContext, CallReading, Endpoint } from "../wire-format.ts";

const MOST_IMAGES = 10;
const TOKENS_BY_QUALITY: Readonly<Record<string, number>> = { low: 272, medium: 1_056, high: 4_160 };
/** The models that count tokens; the older ones bill by the picture and tell no usage. */
const COUNTS_TOKENS = /^gpt-image/;

/** `POST /v1/images/generations`. Pictures are PNG files of one transparent dot. */
export const imagesEndpoint: Endpoint = {
  name: "images.generations",
  path: "/v1/images/generations",
  readCall(body): CallReading {
    if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
    const { model, prompt } = body;
    const images = body["n"] ?? 1;
    if (typeof model !== "string" || model === "") return rejected("model", "You must provide a model parameter.");
    if (typeof prompt !== "string" || prompt === "") return rejected("prompt", "'prompt' must not be empty.");
    if (typeof images !== "number" || !Number.isInteger(images) || images < 1 || images > MOST_IMAGES) {
      return rejected("n", `'n' must be an integer from 1 to ${MOST_IMAGES}.`);
    }
    const inputTokens = countTokens(prompt);
    const countsTokens = COUNTS_TOKENS.test(model);
    const perImage = TOKENS_BY_QUALITY[String(body["quality"])] ?? 1_056;
    return {
      call: {
        model,
        isStream: false,
        inputTokens,
        answer(context) {
          // A filter holds pictures back: the provider bills those it hands out.
          const handedOut = context.plan.shape === "content_filter" ? images - 1 : images;
          const made = context.plan.shape === "empty" ? 0 : handedOut;
          const data = Array.from({ length: made }, () => ({ b64_json: picture(context) }));
          const output = made * perImage;
          const tokens = countsTokens ? { ...inputCounts(inputTokens, 0), output } : NO_TOKENS;
          const usage = countsTokens ? encodeImageUsage(inputTokens, output, context) : undefined;
          return {
            body: JSON.stringify({ created: context.createdSeconds, data, usage }),
            tokens,
            units: { images: made },
          };
        },
      },
    };
  },
};

function picture({ dice }: AnswerContext): string {
  const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  return `${dot}${Buffer.from(dice.nextHex()).toString("base64")}`;
}

function encodeImageUsage(input: number, output: number, { plan }: AnswerContext): object | undefined {
  if (plan.malformedUsage === "missing") return undefined;
  return {
    input_tokens: reportedCount(input, plan.malformedUsage),
    output_tokens: reportedCount(output, plan.malformedUsage),
    total_tokens: reportedCount(input + output, plan.malformedUsage),
    input_tokens_details: { text_tokens: reportedCount(input, plan.malformedUsage), image_tokens: 0 },
  };
}

function rejected(parameter: string | undefined, message: string): CallReading {
  return { rejection: { status: 400, message, parameter } };
}
