import type { GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { countTokens } from "../../text/count-tokens.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { CallReading, Endpoint, ProviderError } from "../wire-format.ts";
import { encodeResponse } from "./response.ts";
import { encodeResponseStream } from "./response-stream.ts";
import { findInputProblem } from "./find-input-problem.ts";

const LONGEST_MODEL_NAME = 256;
/** The API takes no smaller limit. */
const LEAST_OUTPUT_TOKENS = 16;
const TOKENS_PER_ITEM = 4;
const TOKENS_BEFORE_ANSWER = 3;
const TOKENS_PER_IMAGE = 85;

/** `POST /v1/responses`, plain and streamed. */
export const responsesEndpoint: Endpoint = { name: "responses", path: "/v1/responses", readCall: readResponsesCall };

function readResponsesCall(body: unknown): CallReading {
  if (!isJsonObject(body)) return rejected(undefined, "The request body must be a JSON object.");
  const { model, input, max_output_tokens: limit, previous_response_id: previous } = body;
  if (typeof model !== "string" || model === "" || model.length > LONGEST_MODEL_NAME) {
    return rejected("model", "You must provide a model parameter.");
  }
  const problem = findInputProblem(input);
  if (problem !== undefined) return rejected(problem.parameter, problem.message);
  if (limit !== undefined && limit !== null && !(Number.isSafeInteger(limit) && Number(limit) >= LEAST_OUTPUT_TOKENS)) {
    return rejected("max_output_tokens", `Expected an integer of at least ${LEAST_OUTPUT_TOKENS}.`);
  }
  if (typeof previous === "string" && !previous.startsWith("resp_")) {
    return rejected("previous_response_id", "Expected an ID that begins with 'resp'.");
  }
  const isStream = body["stream"] === true;
  const inputTokens = countInputTokens(body);
  const marks = readMarks(lastTurnOf(input));
  const request: GenerationRequest = {
    choices: 1,
    outputTokenLimit: typeof limit === "number" ? limit : undefined,
    toolToCall: chooseTool(body, marks.callsTool),
    jsonSchema: readJsonSchema(body["text"]),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) =>
      isStream
        ? encodeResponseStream(answer, body, model, context)
        : JSON.stringify(encodeResponse(answer, body, model, context)),
  });
}

function chooseTool(body: JsonObject, isMarked: boolean): OfferedTool | undefined {
  const offered = (Array.isArray(body["tools"]) ? body["tools"] : []).filter(isJsonObject);
  const tools = offered
    .filter(({ type }) => type === "function")
    .map(({ name, parameters }) => ({ name: String(name), argumentsSchema: parameters }));
  const choice = body["tool_choice"];
  if (choice === "none") return undefined;
  if (choice === "required") return tools[0];
  if (isJsonObject(choice)) return tools.find(({ name }) => name === choice["name"]);
  return isMarked ? tools[0] : undefined;
}

/** An input that is nothing but text is the user's. */
function lastTurnOf(input: unknown): unknown {
  return Array.isArray(input) ? input.at(-1) : { role: "user", content: input };
}

function readJsonSchema(text: unknown): unknown {
  const format = isJsonObject(text) ? text["format"] : undefined;
  if (!isJsonObject(format)) return undefined;
  if (format["type"] === "json_object") return { type: "object", properties: { answer: { type: "string" } } };
  return format["type"] === "json_schema" ? format["schema"] : undefined;
}

/** The instructions and every item's text, 4 for each item, 85 for each image, tools and format as JSON, 3 for the answer. */
function countInputTokens(body: JsonObject): number {
  const { input, instructions } = body;
  let tokens = TOKENS_BEFORE_ANSWER;
  if (typeof instructions === "string") tokens += countTokens(instructions);
  const items: readonly unknown[] = Array.isArray(input) ? input : [{ content: input }];
  for (const item of items) tokens += TOKENS_PER_ITEM + countItem(item);
  for (const name of ["tools", "text"]) if (body[name] !== undefined) tokens += countAsJson(body[name]);
  return tokens;
}

function countItem(item: unknown): number {
  if (!isJsonObject(item)) return countAsJson(item);
  const content = item["content"] ?? item["output"];
  if (typeof content === "string") return countTokens(content);
  if (!Array.isArray(content)) return countAsJson(item);
  return content.reduce((tokens: number, part: unknown) => tokens + countPart(part), 0);
}

function countPart(part: unknown): number {
  if (isJsonObject(part) && typeof part["text"] === "string") return countTokens(part["text"]);
  return isJsonObject(part) && part["type"] === "input_image" ? TOKENS_PER_IMAGE : countAsJson(part);
}

function countAsJson(value: unknown): number {
  return countTokens(JSON.stringify(value) ?? "");
}

function rejected(parameter: string | undefined, message: string): { rejection: ProviderError } {
  return { rejection: { status: 400, message, parameter } };
}
