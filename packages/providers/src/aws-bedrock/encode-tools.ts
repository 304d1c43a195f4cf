import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The `toolConfig`, or nothing. A conversation that has called tools must have one, so that tools it no longer offers
 * are declared by name.
 */
export function encodeToolConfig(
  tools: unknown,
  choice: unknown,
  called: ReadonlySet<string>,
  notes: TranslationNotes,
): object {
  const offered = (Array.isArray(tools) ? tools : []).flatMap((tool: unknown, index) => encodeTool(tool, index, notes));
  if (choice === "none" && called.size === 0) return {};
  if (choice === "none" && offered.length > 0) notes.reject("tool_choice", "'tool_choice' of 'none' after tool calls");
  if (offered.length === 0 && called.size === 0) return {};
  if (offered.length === 0) notes.warn("tools", "added");
  const declared = offered.length > 0 ? offered : [...called].map((name) => toolSpec(name, undefined, undefined));
  return { toolConfig: { tools: declared, ...encodeChoice(choice, notes) } };
}

function encodeTool(tool: unknown, index: number, notes: TranslationNotes): Fields[] {
  const definition = isFields(tool) && tool["type"] === "function" ? tool["function"] : undefined;
  if (!isFields(definition) || typeof definition["name"] !== "string") {
    notes.reject(`tools[${index}]`, "A tool that is not a function");
    return [];
  }
  if (definition["strict"] === true) notes.warn("tools.strict", "dropped");
  const spec = toolSpec(definition["name"], definition["description"], definition["parameters"]);
  const isCached = isFields(tool) && isFields(tool["cache_control"]);
  return isCached ? [spec, { cachePoint: { type: "default" } }] : [spec];
}

/** A description must not be empty. */
function toolSpec(name: string, description: unknown, parameters: unknown): Fields {
  const described = typeof description === "string" && description !== "" ? { description } : {};
  const schema = isFields(parameters) ? parameters : { type: "object", properties: {} };
  return { toolSpec: { name, ...described, inputSchema: { json: schema } } };
}

function encodeChoice(choice: unknown, notes: TranslationNotes): object {
  if (choice === undefined || choice === null || choice === "auto" || choice === "none") return {};
  if (choice === "required") return { toolChoice: { any: {} } };
  const named = isFields(choice) && choice["type"] === "function" ? choice["function"] : undefined;
  if (isFields(named) && typeof named["name"] === "string") return { toolChoice: { tool: { name: named["name"] } } };
  notes.reject("tool_choice", "This form of 'tool_choice'");
  return {};
}
