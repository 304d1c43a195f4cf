import type { GenerationRequest, OfferedTool } from "../../answer/answer.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import { generationCall, readMarks } from "../generation-call.ts";
import type { CallReading, Endpoint, PathGroups } from "../wire-format.ts";
import { encodeContent } from "./content.ts";
import { encodeContentStream } from "./content-stream.ts";
import { findContentsProblem } from "./find-contents-problem.ts";
import { countGoogleInputTokens } from "./input-tokens.ts";

/** The API refuses every other field of a request. */
const KNOWN_FIELDS = new Set([
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "safetySettings",
  "labels",
  "cachedContent",
  "serviceTier",
]);

const MOST_CANDIDATES = 8;
const MOST_LOGPROBS = 20;

/** AI Studio's paths, and Vertex's, which name a project and a region. */
const MODEL_PATH = String.raw`(?:/v1beta|/v1/projects/[^/]+/locations/[^/]+/publishers/google)/models/(?<model>[^/:]+)`;

/** `POST …/models/{model}:generateContent`. */
export const generateContentEndpoint: Endpoint = {
  name: "generateContent",
  path: new RegExp(`${MODEL_PATH}:generateContent$`),
  readCall: (body, groups) => readCall(body, groups, false),
};

/** `POST …/models/{model}:streamGenerateContent?alt=sse`. */
export const streamGenerateContentEndpoint: Endpoint = {
  name: "streamGenerateContent",
  path: new RegExp(`${MODEL_PATH}:streamGenerateContent$`),
  readCall: (body, groups) => readCall(body, groups, true),
};

function readCall(body: unknown, { model = "" }: PathGroups, isStream: boolean): CallReading {
  if (!isJsonObject(body)) return rejected("Invalid JSON payload received.");
  const unknown = Object.keys(body).find((name) => !KNOWN_FIELDS.has(name));
  if (unknown !== undefined) return rejected(`Invalid JSON payload received. Unknown name "${unknown}"`);
  const problem = findContentsProblem(body["contents"]);
  if (problem !== undefined) return rejected(problem);
  const contents = body["contents"] as readonly JsonObject[];
  const config = isJsonObject(body["generationConfig"]) ? body["generationConfig"] : {};
  const limit = config["maxOutputTokens"];
  if (limit !== undefined && !(Number.isSafeInteger(limit) && Number(limit) > 0)) {
    return rejected("max_output_tokens must be positive.");
  }
  const choices = config["candidateCount"] ?? 1;
  if (!(Number.isSafeInteger(choices) && Number(choices) >= 1 && Number(choices) <= MOST_CANDIDATES)) {
    return rejected(`candidate_count must be from 1 to ${MOST_CANDIDATES}.`);
  }
  const { responseLogprobs, logprobs = 0 } = config;
  if (!(Number.isSafeInteger(logprobs) && Number(logprobs) >= 0 && Number(logprobs) <= MOST_LOGPROBS)) {
    return rejected(`logprobs must be from 0 to ${MOST_LOGPROBS}.`);
  }
  if (logprobs !== 0 && responseLogprobs !== true) return rejected("logprobs requires response_logprobs to be true.");
  const wanted = responseLogprobs === true ? Number(logprobs) : undefined;
  const inputTokens = countGoogleInputTokens(body, contents);
  const marks = readMarks(contents.at(-1));
  const request: GenerationRequest = {
    choices: Number(choices),
    outputTokenLimit: limit === undefined ? undefined : Number(limit),
    toolToCall: chooseTool(body, marks.callsTool),
    jsonSchema: readJsonSchema(config),
    marks,
  };
  return generationCall({
    model,
    isStream,
    inputTokens,
    request,
    encode: (answer, context) =>
      isStream ? encodeContentStream(answer, model, wanted, context) : encodeContent(answer, model, wanted, context),
  });
}

function chooseTool(body: JsonObject, isMarked: boolean): OfferedTool | undefined {
  const tools = listOf(body["tools"])
    .flatMap((tool) => (isJsonObject(tool) ? listOf(tool["functionDeclarations"]) : []))
    .filter(isJsonObject)
    .map((tool) => ({
      name: String(tool["name"]),
      argumentsSchema: tool["parametersJsonSchema"] ?? tool["parameters"],
    }));
  const toolConfig = isJsonObject(body["toolConfig"]) ? body["toolConfig"]["functionCallingConfig"] : undefined;
  const { mode, allowedFunctionNames: allowed }: JsonObject = isJsonObject(toolConfig) ? toolConfig : {};
  switch (mode) {
    case "NONE":
      return undefined;
    case "ANY":
      return Array.isArray(allowed) ? tools.find(({ name }) => allowed.includes(name)) : tools[0];
    default:
      return isMarked ? tools[0] : undefined;
  }
}

function readJsonSchema(config: JsonObject): unknown {
  if (config["responseMimeType"] !== "application/json") return undefined;
  return config["responseJsonSchema"] ?? config["responseSchema"] ?? { type: "object" };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
