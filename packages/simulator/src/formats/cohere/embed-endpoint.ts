import { inputCounts } from "../../answer/token-counts.ts";
import { reportedCount } from "../../faults/malformed-count.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { embed } from "../openai/embed.ts";
import type { AnswerContext, CallReading, Endpoint } from "../wire-format.ts";

const MOST_TEXTS = 96;
const DIMENSIONS = new Set([256, 512, 1_024, 1_536]);
const DEFAULT_DIMENSIONS = 1_536;
const INPUT_TYPES = new Set(["search_document", "search_query", "classification", "clustering", "image"]);
const KNOWN_FIELDS = new Set([
  "model",
  "texts",
  "images",
  "inputs",
  "input_type",
  "embedding_types",
  "max_tokens",
  "output_dimension",
  "truncate",
  "priority",
]);

/** `POST /v2/embed`: texts in, floats out. */
export const embedEndpoint: Endpoint = { name: "embed", path: "/v2/embed", readCall: readEmbedCall };

function readEmbedCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected("the body must be a JSON object");
  const { model } = body;
  const unknown = Object.keys(body).find((name) => !KNOWN_FIELDS.has(name));
  if (unknown !== undefined) return rejected(`unknown field: parameter '${unknown}' is not a valid field`);
  return typeof model === "string" && model !== "" ? readEmbedTexts(body, model) : rejected("model is required");
}

/**
 * Understands what is to be embedded, as Cohere's API has it.
 *
 * @param model the model as the path or the body names it
 */
export function readEmbedTexts(body: JsonObject, model: string): CallReading {
  const { texts, input_type: inputType, embedding_types: types = ["float"], truncate = "END" } = body;
  const dimensions = body["output_dimension"] ?? DEFAULT_DIMENSIONS;
  if (!Array.isArray(texts) || texts.length === 0 || texts.length > MOST_TEXTS) {
    return rejected(`texts must be 1 to ${MOST_TEXTS}`);
  }
  if (!texts.every((text) => typeof text === "string" && text !== "")) return rejected("texts must not be empty");
  if (!INPUT_TYPES.has(String(inputType))) return rejected("valid input_type must be provided with the provided model");
  if (!Array.isArray(types) || !types.every((type) => type === "float")) return rejected("embedding_types is invalid");
  if (!["NONE", "START", "END"].includes(String(truncate))) return rejected("truncate must be NONE, START or END");
  if (!DIMENSIONS.has(Number(dimensions))) return rejected("output_dimension must be one of 256, 512, 1024, 1536");
  const inputTokens = texts.reduce((sum: number, text: string) => sum + countTokens(text), 0);
  return {
    call: {
      model,
      isStream: false,
      inputTokens,
      answer(context) {
        const float = texts.map((text: string) => Array.from(embed(text, Number(dimensions), context.modelSeed)));
        const answer = {
          id: context.callId,
          embeddings: { float },
          texts,
          response_type: "embeddings_by_type",
          ...encodeMeta(inputTokens, context),
        };
        return { body: JSON.stringify(answer), tokens: inputCounts(inputTokens, 0) };
      },
    },
  };
}

function encodeMeta(inputTokens: number, { plan: { malformedUsage } }: AnswerContext): object {
  const api_version = { version: "2" };
  if (malformedUsage === "missing") return { meta: { api_version } };
  return { meta: { api_version, billed_units: { input_tokens: reportedCount(inputTokens, malformedUsage) } } };
}

function rejected(problem: string): CallReading {
  return { rejection: { status: 400, message: `invalid request: ${problem}` } };
}
