import type { GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { CallReading, Endpoint, PathGroups } from "../wire-format.ts";
import { encodeConverse } from "./converse.ts";
import { countConverseInputTokens } from "./converse-input-tokens.ts";
import { encodeConverseStream } from "./converse-stream.ts";
import { findMessageProblem } from "./find-message-problem.ts";

const KNOWN_FIELDS = new Set([
  "additionalModelRequestFields",
  "additionalModelResponseFieldPaths",
  "guardrailConfig",
  "inferenceConfig",
  "messages",
  "outputConfig",
  "performanceConfig",
  "promptVariables",
  "requestMetadata",
  "serviceTier",
  "system",
  "toolConfig",
]);
const INFERENCE_FIELDS = new Set(["maxTokens", "stopSequences", "temperature", "topP"]);
const TOOL_NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;

/** `POST /model/{id}/converse`. */
export const converseEndpoint: Endpoint = {
  name: "converse",
  path: /\/model\/(?<model>[^/]+)\/converse$/,
  readCall: (body, groups) => readCall(body, groups, false),
};

/** `POST /model/{id}/converse-stream`: binary frames. */
export const converseStreamEndpoint: Endpoint = {
  name: "converseStream",
  path: /\/model\/(?<model>[^/]+)\/converse-stream$/,
  readCall: (body, groups) => readCall(body, groups, true),
};

function readCall(body: unknown, { model = "" }: PathGroups, isStream: boolean): CallReading {
  if (!isJsonObject(body)) return rejected("Malformed input request, please reformat your input and try again.");
  const problem = findRequestProblem(body);
  if (problem !== undefined) return rejected(problem);
  const messages = body["messages"] as readonly JsonObject[];
  const limit = objectOf(body["inferenceConfig"])["maxTokens"];
  const inputTokens = countConverseInputTokens(body, messages);
  const marks = readMarks(messages.at(-1));
  const request: GenerationRequest = {
    choices: 1,
    outputTokenLimit: limit === undefined ? undefined : Number(limit),
    toolToCall: chooseTool(body, marks.callsTool),
    jsonSchema: readJsonSchema(body["outputConfig"]),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) => (isStream ? encodeConverseStream(answer, context) : encodeConverse(answer, context)),
  });
}

/** The first thing that the API would complain of. */
function findRequestProblem(body: JsonObject): string | undefined {
  const inference = objectOf(body["inferenceConfig"]);
  const unknown =
    Object.keys(body).find((name) => !KNOWN_FIELDS.has(name)) ??
    Object.keys(inference).find((name) => !INFERENCE_FIELDS.has(name));
  if (unknown !== undefined) return `extraneous key [${unknown}] is not permitted`;
  const { maxTokens, temperature } = inference;
  if (maxTokens !== undefined && !(Number.isSafeInteger(maxTokens) && Number(maxTokens) > 0)) {
    return "Value at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1";
  }
  if (temperature !== undefined && !(typeof temperature === "number" && temperature >= 0 && temperature <= 1)) {
    return "Value at 'inferenceConfig.temperature' failed to satisfy constraint: Member must be between 0 and 1";
  }
  const tools = readTools(body);
  const misnamed = tools.find(({ name }) => !TOOL_NAME.test(name));
  if (misnamed !== undefined) return `Value '${misnamed.name}' at 'toolConfig.tools' failed to satisfy its pattern`;
  if (body["toolConfig"] !== undefined && tools.length === 0) return "toolConfig.tools must not be empty";
  return findMessageProblem(body["messages"], tools.length > 0);
}

function readTools(body: JsonObject): OfferedTool[] {
  const { tools } = objectOf(body["toolConfig"]);
  return (Array.isArray(tools) ? tools : [])
    .map((tool: unknown) => objectOf(tool)["toolSpec"])
    .filter(isJsonObject)
    .map((tool) => ({ name: String(tool["name"]), argumentsSchema: objectOf(tool["inputSchema"])["json"] }));
}

function chooseTool(body: JsonObject, isMarked: boolean): OfferedTool | undefined {
  const tools = readTools(body);
  const choice = objectOf(objectOf(body["toolConfig"])["toolChoice"]);
  if (choice["any"] !== undefined) return tools[0];
  if (isJsonObject(choice["tool"])) {
    const wanted = choice["tool"]["name"];
    return tools.find(({ name }) => name === wanted);
  }
  return isMarked ? tools[0] : undefined;
}

/** The schema is a text within the JSON. */
function readJsonSchema(config: unknown): unknown {
  const { schema } = objectOf(objectOf(objectOf(objectOf(config)["textFormat"])["structure"])["jsonSchema"]);
  if (typeof schema !== "string") return undefined;
  try {
    return JSON.parse(schema) as unknown;
  } catch {
    return { type: "object" };
  }
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
