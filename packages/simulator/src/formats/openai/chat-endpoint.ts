import type { Answer, GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { AnswerContext, CallReading, Endpoint, ProviderError, WireAnswer } from "../wire-format.ts";
import { encodeChatCompletion } from "./chat-completion.ts";
import { countChatInputTokens } from "./chat-input-tokens.ts";
import { encodeChatStream } from "./chat-stream.ts";

const MOST_CHOICES = 128;
const LONGEST_MODEL_NAME = 256;

/** `POST /v1/chat/completions`, plain and streamed. */
export const chatEndpoint: Endpoint = {
  name: "chat.completions",
  path: "/v1/chat/completions",
  readCall: (body) => readChatCall(body, encodeOpenAiChat),
};

/** How a server of this protocol writes its answers. */
export type ChatEncoder = (
  answer: Answer,
  model: string,
  context: AnswerContext,
  stream: { readonly asksForUsage: boolean } | undefined,
) => WireAnswer["body"];

function encodeOpenAiChat(...[answer, model, context, stream]: Parameters<ChatEncoder>): WireAnswer["body"] {
  return stream === undefined
    ? encodeChatCompletion(answer, model, context)
    : encodeChatStream(answer, model, context, stream.asksForUsage);
}

/** Understands a request for chat completions, to be answered in the words of `encode`. */
export function readChatCall(body: unknown, encode: ChatEncoder): CallReading {
  if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
  const model = body["model"];
  if (typeof model !== "string" || model === "" || model.length > LONGEST_MODEL_NAME) {
    return rejected("model", "You must provide a model parameter.");
  }
  const messages = body["messages"];
  if (!Array.isArray(messages) || messages.length === 0) {
    return rejected("messages", "Missing required parameter: 'messages'.", "missing_required_parameter");
  }
  const choices = body["n"] ?? 1;
  if (!isIntegerWithin(choices, 1, MOST_CHOICES))
    return rejected("n", `'n' must be an integer from 1 to ${MOST_CHOICES}.`);
  const limitName = body["max_completion_tokens"] == null ? "max_tokens" : "max_completion_tokens";
  const outputTokenLimit = body[limitName] ?? undefined;
  if (outputTokenLimit !== undefined && !isIntegerWithin(outputTokenLimit, 1, Number.MAX_SAFE_INTEGER)) {
    return rejected(limitName, `'${limitName}' must be an integer of at least 1.`);
  }
  const marks = readMarks(messages.at(-1));
  const toolChoice = readToolChoice(body, marks.callsTool);
  if ("rejection" in toolChoice) return toolChoice;

  const isStream = body["stream"] === true;
  const asksForUsage = isJsonObject(body["stream_options"]) && body["stream_options"]["include_usage"] === true;
  const inputTokens = countChatInputTokens(body, messages);
  const request: GenerationRequest = {
    choices,
    outputTokenLimit,
    toolToCall: toolChoice.tool,
    jsonSchema: readJsonSchema(body["response_format"]),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) => encode(answer, model, context, isStream ? { asksForUsage } : undefined),
  });
}

function readToolChoice(
  body: JsonObject,
  isMarked: boolean,
): { tool: OfferedTool | undefined } | { rejection: ProviderError } {
  const tools = readTools(body["tools"]);
  const choice = body["tool_choice"];
  if (choice === "none") return { tool: undefined };
  if (choice === "required")
    return tools.length > 0 ? { tool: tools[0] } : rejected("tool_choice", "'tool_choice' needs 'tools'.");
  if (isJsonObject(choice) && isJsonObject(choice["function"])) {
    const name = choice["function"]["name"];
    const tool = tools.find((offered) => offered.name === name);
    return tool === undefined
      ? rejected("tool_choice", `Tool choice '${String(name)}' not found in 'tools' parameter.`)
      : { tool };
  }
  return { tool: isMarked ? tools[0] : undefined };
}

function readTools(tools: unknown): OfferedTool[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown) => {
    const definition = isJsonObject(tool) ? tool["function"] : undefined;
    if (!isJsonObject(definition) || typeof definition["name"] !== "string") return [];
    return [{ name: definition["name"], argumentsSchema: definition["parameters"] }];
  });
}

function readJsonSchema(format: unknown): unknown {
  if (!isJsonObject(format)) return undefined;
  if (format["type"] === "json_object")
    return { type: "object", properties: { answer: { type: "string" }, score: { type: "integer" } } };
  if (format["type"] !== "json_schema" || !isJsonObject(format["json_schema"])) return undefined;
  return format["json_schema"]["schema"] ?? { type: "object" };
}

function rejected(parameter: string | undefined, message: string, code?: string): { rejection: ProviderError } {
  return { rejection: { status: 400, code, message, parameter } };
}

function isIntegerWithin(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= minimum && value <= maximum;
}
