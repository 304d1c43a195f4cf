/** The cases in Anthropic's words. Format: https://platform.claude.com/docs/en/api/messages */
import type { Json } from "../../comparison/json-differences.ts";
import type { ProviderTarget } from "../../suites/fidelity-suite.ts";
import {
  citySchema,
  personSchema,
  redDotPngBase64,
  refusedQuestion,
  thoughtQuestion,
  toolQuestion,
  twoToolsQuestion,
} from "../../suites/sample-content.ts";
import type { NativeBody, NativeFamily } from "../native-family.ts";

const asks =
  (content: Json, more: NativeBody = {}) =>
  ({ model }: ProviderTarget): NativeBody => ({
    model,
    max_tokens: 1_000,
    messages: [{ role: "user", content }],
    ...more,
  });

const weatherTool = { name: "get_weather", description: "The weather in a city", input_schema: citySchema };

/** Models of these generations are given a budget to think with; later ones an effort. */
const thinksByBudget = /claude-(?:3-7|(?:opus|sonnet|haiku)-4-(?:[0-5](?!\d)|20))/;

/** Of these the thoughts come in words unasked. */
const saysItsThoughts = /claude-(?:opus|sonnet|haiku)-4-6/;

/** How a model of Claude is asked to think a little, wherever it is served. */
export function asksToThink(model: string): NativeBody {
  if (thinksByBudget.test(model)) return { thinking: { type: "enabled", budget_tokens: 1_024 } };
  const display = saysItsThoughts.test(model) ? {} : { display: "summarized" };
  return { thinking: { type: "adaptive", ...display }, output_config: { effort: "low" } };
}

export const anthropicCases: NativeFamily["cases"] = {
  plain: asks("Say hello, café ☕, in one line."),
  streamed: asks("Count to five.", { stream: true }),
  system: asks("Name a river.", { system: "Answer in capitals." }),
  tools: asks(toolQuestion, { tools: [weatherTool], stream: true }),
  "parallel-tools": asks(twoToolsQuestion, { tools: [weatherTool], tool_choice: { type: "any" } }),
  "tool-result": ({ model }) => ({
    model,
    max_tokens: 1_000,
    messages: [
      { role: "user", content: "What is the weather in Lisbon?" },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "call_abc123", name: "get_weather", input: { city: "Lisbon" } }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "call_abc123", content: '{"celsius":21.0}' }] },
    ],
    tools: [weatherTool],
  }),
  "json-schema": asks("Make up a person.", {
    output_config: { format: { type: "json_schema", schema: personSchema } },
  }),
  image: asks([
    { type: "text", text: "Which colour is this?" },
    { type: "image", source: { type: "base64", media_type: "image/png", data: redDotPngBase64 } },
  ]),
  stop: asks("Count: one, two, three, four.", { max_tokens: 200, stop_sequences: ["three"] }),
  reasoning: (target) =>
    asks(thoughtQuestion, {
      max_tokens: 4_000,
      stream: true,
      ...asksToThink(target.model),
    })(target),
  refusal: asks(refusedQuestion),
  length: asks("Tell a long story.", { max_tokens: 16 }),
};
