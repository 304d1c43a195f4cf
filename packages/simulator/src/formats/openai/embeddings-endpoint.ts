import { inputCounts } from "../../answer/token-counts.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject } from "../../text/json-object.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import type { AnswerContext, CallReading, Endpoint } from "../wire-format.ts";
import { embed, type EmbeddingInput } from "./embed.ts";

const DEFAULT_DIMENSIONS = 1_536;
const MOST_DIMENSIONS = 4_096;
const MOST_INPUTS = 2_048;
const LONGEST_MODEL_NAME = 256;

/** `POST /v1/embeddings`. */
export const embeddingsEndpoint: Endpoint = {
  name: "embeddings",
  path: "/v1/embeddings",
  readCall: readEmbeddingsCall,
};

/** Understands a request for embeddings. */
export function readEmbeddingsCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
  const { model } = body;
  const dimensions = body["dimensions"] ?? DEFAULT_DIMENSIONS;
  const encoding = body["encoding_format"] ?? "float";
  if (typeof model !== "string" || model === "" || model.length > LONGEST_MODEL_NAME) {
    return rejected("model", "You must provide a model parameter.");
  }
  const inputs = readInputs(body["input"]);
  if (inputs === undefined) {
    return rejected(
      "input",
      `'input' must be a string, a list of strings, a list of token numbers, or a list of such lists; at most ${MOST_INPUTS}, none empty.`,
    );
  }
  if (
    typeof dimensions !== "number" ||
    !Number.isInteger(dimensions) ||
    dimensions < 1 ||
    dimensions > MOST_DIMENSIONS
  ) {
    return rejected("dimensions", `'dimensions' must be an integer from 1 to ${MOST_DIMENSIONS}.`);
  }
  if (encoding !== "float" && encoding !== "base64")
    return rejected("encoding_format", "'encoding_format' must be 'float' or 'base64'.");

  let inputTokens = 0;
  for (const input of inputs) inputTokens += typeof input === "string" ? countTokens(input) : input.length;
  return {
    call: {
      model,
      isStream: false,
      inputTokens,
      answer(context) {
        const data = inputs.map((input, index) => {
          const vector = embed(input, dimensions, context.modelSeed);
          return {
            object: "embedding",
            index,
            embedding: encoding === "base64" ? toBase64(vector) : Array.from(vector),
          };
        });
        const usage = encodeEmbeddingUsage(inputTokens, context);
        return { body: JSON.stringify({ object: "list", data, model, usage }), tokens: inputCounts(inputTokens, 0) };
      },
    },
  };
}

function readInputs(input: unknown): EmbeddingInput[] | undefined {
  const isFlat = typeof input === "string" || isTokenList(input);
  const inputs: unknown = isFlat ? [input] : input;
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > MOST_INPUTS) return undefined;
  const isValid = (candidate: unknown): candidate is EmbeddingInput =>
    typeof candidate === "string" ? candidate !== "" : isTokenList(candidate);
  return inputs.every(isValid) ? inputs : undefined;
}

function isTokenList(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((token) => typeof token === "number" && Number.isInteger(token) && token >= 0)
  );
}

/** OpenAI's base64 form: 32-bit floats, lowest byte first. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}

function encodeEmbeddingUsage(inputTokens: number, { plan }: AnswerContext): object | undefined {
  if (plan.malformedUsage === "missing") return undefined;
  const reported = reportedCount(inputTokens, plan.malformedUsage);
  return { prompt_tokens: reported, total_tokens: reported };
}

function rejected(parameter: string | undefined, message: string): CallReading {
  return { rejection: { status: 400, message, parameter } };
}
