import { isJsonObject, type JsonObject } from "../../text/json-object.ts";

/** The kinds of data of which a part holds one. */
const DATA_KINDS = ["text", "inlineData", "fileData", "functionCall", "functionResponse"] as const;

/** What the API would not accept in a conversation; undefined when it is sound. */
export function findContentsProblem(contents: unknown): string | undefined {
  if (!Array.isArray(contents) || contents.length === 0) return "contents is not specified";
  let openCalls: readonly unknown[] = [];
  for (const [index, content] of contents.entries()) {
    const parts: unknown = isJsonObject(content) ? content["parts"] : undefined;
    if (!isJsonObject(content) || !Array.isArray(parts) || parts.length === 0 || !parts.every(isJsonObject)) {
      return `contents[${index}].parts must not be empty.`;
    }
    const role: unknown = content["role"];
    if (role !== "user" && role !== "model") return "Please use a valid role: user, model.";
    const problem = findPartProblem(parts, role, openCalls);
    if (problem !== undefined) return problem;
    openCalls = namesOf(parts, "functionCall");
  }
  return undefined;
}

/** `openCalls` are the calls of the turn before: as many results must follow, each by its name. */
function findPartProblem(
  parts: readonly JsonObject[],
  role: string,
  openCalls: readonly unknown[],
): string | undefined {
  if (parts.some((part) => DATA_KINDS.filter((kind) => part[kind] !== undefined).length !== 1)) {
    return "required oneof field 'data' must have one initialized field";
  }
  const results = namesOf(parts, "functionResponse");
  if (role === "user" && results.length !== openCalls.length) {
    return "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
  }
  return results.some((name) => !openCalls.includes(name)) ? "functionResponse.name: no such call" : undefined;
}

function namesOf(parts: readonly JsonObject[], kind: "functionCall" | "functionResponse"): unknown[] {
  return parts.flatMap((part) => {
    const data = part[kind];
    return isJsonObject(data) ? [data["name"]] : [];
  });
}
