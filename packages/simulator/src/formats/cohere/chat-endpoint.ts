import type { GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { CallReading, Endpoint } from "../wire-format.ts";
import { encodeChat } from "./chat.ts";
import { encodeChatStream } from "./chat-stream.ts";
import { countChatInputTokens } from "./chat-input-tokens.ts";
import { findMessageProblem } from "./find-message-problem.ts";

/** The API refuses every other field of a request. */
const KNOWN_FIELDS = new Set([
  "citation_options",
  "documents",
  "frequency_penalty",
  "k",
  "logprobs",
  "max_tokens",
  "messages",
  "model",
  "p",
  "presence_penalty",
  "priority",
  "response_format",
  "safety_mode",
  "seed",
  "stop_sequences",
  "stream",
  "strict_tools",
  "temperature",
  "thinking",
  "tool_choice",
  "tools",
]);
const MOST_STOP_SEQUENCES = 5;

/** `POST /v2/chat`, plain and streamed. */
export const chatEndpoint: Endpoint = { name: "chat", path: "/v2/chat", readCall };

function readCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected("invalid request: the body must be a JSON object");
  const problem = findRequestProblem(body);
  if (problem !== undefined) return rejected(`invalid request: ${problem}`);
  const model = String(body["model"]);
  const isStream = body["stream"] === true;
  const messages = body["messages"] as readonly JsonObject[];
  const inputTokens = countChatInputTokens(body, messages);
  const limit = body["max_tokens"];
  const marks = readMarks(messages.at(-1));
  const request: GenerationRequest = {
    choices: 1,
    outputTokenLimit: limit === undefined ? undefined : Number(limit),
    toolToCall: chooseTool(body, marks.callsTool),
    jsonSchema: readJsonSchema(body["response_format"]),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) => (isStream ? encodeChatStream(answer, context) : encodeChat(answer, context)),
  });
}

/** The first thing that the API would complain of. */
function findRequestProblem(body: JsonObject): string | undefined {
  const { model, max_tokens: maxTokens, tool_choice: choice, stop_sequences: stops, response_format: format } = body;
  if (typeof model !== "string" || model === "") return "model is required";
  const unknown = Object.keys(body).find((name) => !KNOWN_FIELDS.has(name));
  if (unknown !== undefined) return `unknown field: parameter '${unknown}' is not a valid field`;
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && Number(maxTokens) > 0)) {
    return "max_tokens must be greater than or equal to 1";
  }
  if (choice !== undefined && choice !== "REQUIRED" && choice !== "NONE") return "tool_choice must be REQUIRED or NONE";
  const hasTools = Array.isArray(body["tools"]) && body["tools"].length > 0;
  if (choice === "REQUIRED" && !hasTools) return "tool_choice requires tools";
  if (Array.isArray(stops) && stops.length > MOST_STOP_SEQUENCES) {
    return `at most ${MOST_STOP_SEQUENCES} stop sequences are allowed`;
  }
  for (const [name, least, most] of [
    ["p", 0.01, 0.99],
    ["frequency_penalty", 0, 1],
    ["presence_penalty", 0, 1],
  ] as const) {
    const value = body[name];
    if (value !== undefined && !(typeof value === "number" && value >= least && value <= most)) {
      return `${name} must be between ${least} and ${most}`;
    }
  }
  if (isJsonObject(format) && format["type"] === "json_object" && hasTools) {
    return "response_format is not supported with tools";
  }
  return findMessageProblem(body["messages"]);
}

function chooseTool(body: JsonObject, isMarked: boolean): OfferedTool | undefined {
  const tools = (Array.isArray(body["tools"]) ? body["tools"] : [])
    .map((tool: unknown) => (isJsonObject(tool) ? tool["function"] : undefined))
    .filter(isJsonObject)
    .map((tool) => ({ name: String(tool["name"]), argumentsSchema: tool["parameters"] }));
  if (body["tool_choice"] === "NONE") return undefined;
  if (body["tool_choice"] === "REQUIRED") return tools[0];
  return isMarked ? tools[0] : undefined;
}

function readJsonSchema(format: unknown): unknown {
  if (!isJsonObject(format) || format["type"] !== "json_object") return undefined;
  return format["json_schema"] ?? format["schema"] ?? { type: "object" };
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
