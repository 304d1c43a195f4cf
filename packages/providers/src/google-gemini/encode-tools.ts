import { isFields } from "../json/field-reader.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

/** OpenAI's function tools; other kinds of tools are refused. */
export function encodeTools(tools: unknown, notes: TranslationNotes): readonly object[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap((tool: unknown, index) => {
    const definition = isFields(tool) && tool["type"] === "function" ? tool["function"] : undefined;
    if (!isFields(definition) || typeof definition["name"] !== "string") {
      notes.reject(`tools[${index}]`, "A tool that is not a function");
      return [];
    }
    const { name, description, parameters, strict } = definition;
    if (strict === true) notes.warn("tools.strict", "dropped");
    return [
      {
        name,
        ...(typeof description === "string" ? { description } : {}),
        ...(isFields(parameters) ? { parametersJsonSchema: parameters } : {}),
      },
    ];
  });
}

/** Null leaves the choice to the model, as both sides do by default. */
export function encodeToolConfig(choice: unknown, notes: TranslationNotes): object | null {
  if (choice === undefined || choice === null || choice === "auto") return null;
  if (choice === "none") return { functionCallingConfig: { mode: "NONE" } };
  if (choice === "required") return { functionCallingConfig: { mode: "ANY" } };
  const called = isFields(choice) && choice["type"] === "function" ? choice["function"] : undefined;
  if (isFields(called) && typeof called["name"] === "string") {
    return { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [called["name"]] } };
  }
  notes.reject("tool_choice", "This form of 'tool_choice'");
  return null;
}
