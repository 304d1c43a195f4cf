import { NO_TOKENS } from "../../answer/token-counts.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject } from "../../text/json-object.ts";
import type { CallReading, Endpoint } from "../wire-format.ts";

const CATEGORIES = ["harassment", "hate", "self-harm", "sexual", "violence"];
/** In an input, the word that a category is named by makes it flagged. */
const FLAGGED_SCORE = 0.98;
const PLAIN_SCORE = 0.0001;

/** `POST /v1/moderations`, free of charge. */
export const moderationsEndpoint: Endpoint = {
  name: "moderations",
  path: "/v1/moderations",
  readCall(body): CallReading {
    if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
    const { model = "omni-moderation-latest", input } = body;
    if (typeof model !== "string" || model === "") return rejected("model", "'model' must be a string.");
    const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
    const isText = (item: unknown): item is string => typeof item === "string";
    const texts = inputs.every(isText)
      ? inputs
      : inputs.length > 0 && inputs.every(isJsonObject)
        ? [partsText(inputs)]
        : [];
    if (texts.length === 0) return rejected("input", "'input' must be a string, a list of strings or a list of parts.");
    return {
      call: {
        model,
        isStream: false,
        inputTokens: texts.reduce((sum, text) => sum + countTokens(text), 0),
        answer({ callId, plan }) {
          const results = plan.shape === "empty" ? [] : texts.map(judge);
          return { body: JSON.stringify({ id: `modr-${callId}`, model, results }), tokens: NO_TOKENS };
        },
      },
    };
  },
};

function partsText(parts: readonly Readonly<Record<string, unknown>>[]): string {
  return parts.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join(" ");
}

function judge(text: string): object {
  const isNamed = (category: string): boolean => text.toLowerCase().includes(category);
  return {
    flagged: CATEGORIES.some(isNamed),
    categories: Object.fromEntries(CATEGORIES.map((category) => [category, isNamed(category)])),
    category_scores: Object.fromEntries(
      CATEGORIES.map((category) => [category, isNamed(category) ? FLAGGED_SCORE : PLAIN_SCORE]),
    ),
    category_applied_input_types: Object.fromEntries(CATEGORIES.map((category) => [category, ["text"]])),
  };
}

function rejected(parameter: string | undefined, message: string): CallReading {
  return { rejection: { status: 400, message, parameter } };
}
