import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

interface FunctionTool {
  readonly type: "function";
  readonly function: Readonly<Record<string, unknown>>;
}

/** Tools and how they may be chosen. A named choice is that tool alone, and a call that must be made. */
export function encodeCohereTools(tools: unknown, choice: unknown, notes: TranslationNotes): object {
  const all = (Array.isArray(tools) ? tools : []).flatMap((tool: unknown, index) => encodeTool(tool, index, notes));
  if (all.length === 0) return {};
  const strict = all.every(({ function: definition }) => definition["strict"] === true) ? { strict_tools: true } : {};
  const offered = all.map(({ type, function: { strict: _strict, ...definition } }) => ({ type, function: definition }));
  if (choice === undefined || choice === null || choice === "auto") return { tools: offered, ...strict };
  if (choice === "none") return { tools: offered, ...strict, tool_choice: "NONE" };
  if (choice === "required") return { tools: offered, ...strict, tool_choice: "REQUIRED" };
  const named = isFields(choice) && choice["type"] === "function" ? choice["function"] : undefined;
  const chosen = isFields(named) ? offered.filter(({ function: { name } }) => name === named["name"]) : [];
  if (chosen.length === 0) notes.reject("tool_choice", "This form of 'tool_choice'");
  return { tools: chosen, ...strict, tool_choice: "REQUIRED" };
}

function encodeTool(tool: unknown, index: number, notes: TranslationNotes): FunctionTool[] {
  const definition = isFields(tool) && tool["type"] === "function" ? tool["function"] : undefined;
  if (!isFields(definition) || typeof definition["name"] !== "string") {
    notes.reject(`tools[${index}]`, "A tool that is not a function");
    return [];
  }
  const { name, description, parameters, strict } = definition;
  return [
    {
      type: "function",
      function: {
        name,
        ...(typeof description === "string" ? { description } : {}),
        parameters: isFields(parameters) ? parameters : { type: "object", properties: {} },
        ...(strict === true ? { strict } : {}),
      },
    },
  ];
}
