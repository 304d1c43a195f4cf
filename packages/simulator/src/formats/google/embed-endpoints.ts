import { inputCounts } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { embed } from "../openai/embed.ts";
import type { CallReading, Endpoint, PathGroups } from "../wire-format.ts";

const DEFAULT_DIMENSIONS = 768;
const MOST_DIMENSIONS = 3_072;
const MOST_REQUESTS = 100;

/** `POST …/v1beta/models/{model}:batchEmbedContents`. */
export const batchEmbedContentsEndpoint: Endpoint = {
  name: "batchEmbedContents",
  path: /\/v1beta\/models\/(?<model>[^/:]+):batchEmbedContents$/,
  readCall: readBatch,
};

/** `POST …/publishers/google/models/{model}:predict`, for models of embeddings. */
export const predictEndpoint: Endpoint = {
  name: "predict",
  path: /\/v1\/projects\/[^/]+\/locations\/[^/]+\/publishers\/google\/models\/(?<model>[^/:]+):predict$/,
  readCall: readInstances,
};

function readBatch(body: unknown, { model = "" }: PathGroups): CallReading {
  const requests = isJsonObject(body) ? body["requests"] : undefined;
  if (!isFullList(requests) || requests.length > MOST_REQUESTS) {
    return rejected(`BatchEmbedContentsRequest.requests: 1 to ${MOST_REQUESTS} are allowed.`);
  }
  if (requests.some((request) => request["model"] !== `models/${model}`)) {
    return rejected("BatchEmbedContentsRequest.requests.model: must match the model of the batch.");
  }
  const texts = requests.map(({ content }) => (isJsonObject(content) ? textOf(content["parts"]) : ""));
  const dimensions = Number(requests[0]?.["outputDimensionality"] ?? DEFAULT_DIMENSIONS);
  return readTexts(model, texts, dimensions, (vectors, counts) => ({
    embeddings: vectors.map((values) => ({ values })),
    usageMetadata: { promptTokenCount: counts.reduce<unknown>(addReported, 0) },
  }));
}

function readInstances(body: unknown, { model = "" }: PathGroups): CallReading {
  const instances = isJsonObject(body) ? body["instances"] : undefined;
  if (!isJsonObject(body) || !isFullList(instances)) return rejected("Invalid instances.");
  if (model.startsWith("gemini-embedding") && instances.length > 1) {
    return rejected("Only one instance is supported by this model.");
  }
  const parameters = isJsonObject(body["parameters"]) ? body["parameters"] : {};
  const texts = instances.map(({ content }) => (typeof content === "string" ? content : ""));
  const dimensions = Number(parameters["outputDimensionality"] ?? DEFAULT_DIMENSIONS);
  return readTexts(model, texts, dimensions, (vectors, counts) => ({
    predictions: vectors.map((values, index) => ({
      embeddings: { statistics: { truncated: false, token_count: counts[index] }, values },
    })),
    metadata: { billableCharacterCount: texts.reduce((sum, text) => sum + text.length, 0) },
  }));
}

function readTexts(
  model: string,
  texts: readonly string[],
  dimensions: number,
  encode: (vectors: readonly number[][], counts: readonly unknown[]) => object,
): CallReading {
  if (texts.includes("")) return rejected("The text content is empty.");
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MOST_DIMENSIONS) {
    return rejected(`outputDimensionality must be 1 to ${MOST_DIMENSIONS}.`);
  }
  const sizes = texts.map(countTokens);
  const inputTokens = sizes.reduce((sum, size) => sum + size, 0);
  return {
    call: {
      model,
      isStream: false,
      inputTokens,
      answer({ plan: { malformedUsage }, modelSeed }) {
        const vectors = texts.map((text) => Array.from(embed(text, dimensions, modelSeed)));
        const counts = sizes.map((size) =>
          malformedUsage === "missing" ? undefined : reportedCount(size, malformedUsage),
        );
        return { body: JSON.stringify(encode(vectors, counts)), tokens: inputCounts(inputTokens, 0) };
      },
    },
  };
}

/** The sum of counts; the first that is no number stands for all, as a broken provider's would. */
function addReported(sum: unknown, count: unknown): unknown {
  return typeof sum === "number" && typeof count === "number" ? sum + count : count;
}

function textOf(parts: unknown): string {
  const texts = Array.isArray(parts) ? parts.map((part: unknown) => (isJsonObject(part) ? part["text"] : "")) : [];
  return texts.filter((text) => typeof text === "string").join("");
}

function isFullList(value: unknown): value is readonly JsonObject[] {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject);
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
