import { inputCounts } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { readEmbedTexts } from "../cohere/embed-endpoint.ts";
import { embed } from "../openai/embed.ts";
import type { CallReading, Endpoint, PathGroups } from "../wire-format.ts";

const TITAN_DIMENSIONS = new Set([256, 512, 1_024]);
const DEFAULT_DIMENSIONS = 1_024;
const TITAN_FIELDS = new Set(["inputText", "dimensions", "normalize", "embeddingTypes"]);

/** `POST /model/{id}/invoke` with models of embeddings: their makers' own bodies. */
export const invokeEndpoint: Endpoint = {
  name: "invokeModel",
  path: /\/model\/(?<model>[^/]+)\/invoke$/,
  readCall: readInvocation,
};

function readInvocation(body: unknown, { model = "" }: PathGroups): CallReading {
  if (!isJsonObject(body)) return rejected("Malformed input request, please reformat your input and try again.");
  if (model.includes("cohere.embed")) return readEmbedTexts(body, model);
  if (model.includes("amazon.titan-embed")) return readTitan(body, model);
  return rejected("Malformed input request: the body is not one of this model.");
}

function readTitan(body: JsonObject, model: string): CallReading {
  const { inputText, dimensions = DEFAULT_DIMENSIONS } = body;
  const unknown = Object.keys(body).find((name) => !TITAN_FIELDS.has(name));
  if (unknown !== undefined) return rejected(`Malformed input request: extraneous key [${unknown}] is not permitted`);
  if (typeof inputText !== "string" || inputText === "") {
    return rejected("Malformed input request: expected minLength: 1, actual: 0");
  }
  if (!TITAN_DIMENSIONS.has(Number(dimensions))) return rejected("Malformed input request: dimensions");
  const inputTokens = countTokens(inputText);
  return {
    call: {
      model,
      isStream: false,
      inputTokens,
      answer({ plan: { malformedUsage }, modelSeed }) {
        const embedding = Array.from(embed(inputText, Number(dimensions), modelSeed));
        const count =
          malformedUsage === "missing" ? {} : { inputTextTokenCount: reportedCount(inputTokens, malformedUsage) };
        const answer = { embedding, embeddingsByType: { float: embedding }, ...count };
        return { body: JSON.stringify(answer), tokens: inputCounts(inputTokens, 0) };
      },
    },
  };
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
