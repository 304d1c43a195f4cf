import type { GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { CallReading, Endpoint, ProviderError } from "../wire-format.ts";
import { findMessageProblem } from "./find-message-problem.ts";
import { encodeMessage } from "./message.ts";
import { encodeMessageStream } from "./message-stream.ts";
import { countMessagesInputTokens } from "./messages-input-tokens.ts";

const LONGEST_MODEL_NAME = 256;
const LEAST_THINKING_BUDGET = 1_024;

/** The API refuses every other field of a request. */
const KNOWN_FIELDS = new Set([
  "model",
  "max_tokens",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "stop_sequences",
  "stream",
  "temperature",
  "top_p",
  "top_k",
  "thinking",
  "output_config",
  "metadata",
  "service_tier",
  "container",
  "mcp_servers",
  "context_management",
  "inference_geo",
]);

/** `POST /v1/messages`, plain and streamed. */
export const messagesEndpoint: Endpoint = { name: "messages", path: "/v1/messages", readCall: readMessagesCall };

function readMessagesCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected("Input should be a valid dictionary or object to extract fields from");
  const problem = findRequestProblem(body);
  if (problem !== undefined) return rejected(problem);
  const model = String(body["model"]);
  const isStream = body["stream"] === true;
  const messages = body["messages"] as readonly JsonObject[];
  const inputTokens = countMessagesInputTokens(body, messages);
  const marks = readMarks(messages.at(-1));
  const request: GenerationRequest = {
    choices: 1,
    outputTokenLimit: Number(body["max_tokens"]),
    toolToCall: chooseTool(body, marks.callsTool),
    jsonSchema: readJsonSchema(body["output_config"]),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) =>
      isStream ? encodeMessageStream(answer, model, context) : encodeMessage(answer, model, context),
  });
}

/** The first thing that the API would complain of, in its words. */
function findRequestProblem(body: JsonObject): string | undefined {
  const { model, max_tokens: maxTokens, temperature, thinking, tools } = body;
  if (typeof model !== "string" || model === "" || model.length > LONGEST_MODEL_NAME) return "model: Field required";
  const unknown = Object.keys(body).find((name) => !KNOWN_FIELDS.has(name));
  if (unknown !== undefined) return `${unknown}: Extra inputs are not permitted`;
  if (!Number.isSafeInteger(maxTokens) || Number(maxTokens) < 1) return "max_tokens: Field required";
  if (temperature !== undefined && !(typeof temperature === "number" && temperature >= 0 && temperature <= 1)) {
    return "temperature: range: 0..1";
  }
  if (isJsonObject(thinking) && thinking["type"] === "enabled") {
    const budget = Number(thinking["budget_tokens"]);
    if (!(budget >= LEAST_THINKING_BUDGET && budget < Number(maxTokens))) {
      return "`max_tokens` must be greater than `thinking.budget_tokens`";
    }
    if (temperature !== undefined && temperature !== 1) {
      return "`temperature` may only be set to 1 when thinking is enabled";
    }
  }
  if (body["tool_choice"] !== undefined && !Array.isArray(tools)) return "tool_choice may only be specified with tools";
  return findMessageProblem(body["messages"]);
}

function chooseTool(body: JsonObject, isMarked: boolean): OfferedTool | undefined {
  const tools = (Array.isArray(body["tools"]) ? body["tools"] : []).filter(isJsonObject).map((tool) => ({
    name: String(tool["name"]),
    argumentsSchema: tool["input_schema"],
  }));
  const choice = isJsonObject(body["tool_choice"]) ? body["tool_choice"] : { type: "auto" };
  switch (choice["type"]) {
    case "none":
      return undefined;
    case "any":
      return tools[0];
    case "tool":
      return tools.find(({ name }) => name === choice["name"]);
    default:
      return isMarked ? tools[0] : undefined;
  }
}

function readJsonSchema(config: unknown): unknown {
  const format = isJsonObject(config) ? config["format"] : undefined;
  return isJsonObject(format) && format["type"] === "json_schema" ? format["schema"] : undefined;
}

function rejected(message: string): { rejection: ProviderError } {
  return { rejection: { status: 400, message } };
}
