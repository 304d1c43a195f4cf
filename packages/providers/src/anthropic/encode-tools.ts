import { isFields } from "../json/field-reader.ts";
import type { ModelRule } from "./model-rules.ts";
import type { TranslationNotes } from "../parameters/translation-notes.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface ToolChoice {
  readonly type: "auto" | "any" | "tool" | "none";
  readonly name?: string;
  readonly disable_parallel_tool_use?: true;
}

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
    const cacheControl = isFields(tool) ? tool["cache_control"] : undefined;
    return [
      {
        name,
        ...(typeof description === "string" ? { description } : {}),
        input_schema: isFields(parameters) ? parameters : { type: "object", properties: {} },
        ...(strict === true ? { strict } : {}),
        ...(isFields(cacheControl) ? { cache_control: cacheControl } : {}),
      },
    ];
  });
}

/** Null leaves the choice to the model, as both sides do by default. */
export function encodeToolChoice(parsed: Fields, rule: ModelRule, notes: TranslationNotes): ToolChoice | null {
  const choice = readChoice(allowedChoice(parsed["tool_choice"], rule, notes), notes);
  if (parsed["parallel_tool_calls"] !== false || choice?.type === "none") return choice;
  return { ...(choice ?? { type: "auto" }), disable_parallel_tool_use: true };
}

/** OpenAI's `tool_choice`, unless it demands a tool of a model that refuses that: then it is noted, and left out. */
export function allowedChoice(choice: unknown, rule: ModelRule, notes: TranslationNotes): unknown {
  if (!rule.refusesForcedTools || !isToolForced(choice)) return choice;
  notes.reject("tool_choice", "A tool that is demanded of this model");
  return undefined;
}

/** Whether OpenAI's `tool_choice` leaves the model no way but to call a tool. */
export function isToolForced(choice: unknown): boolean {
  return choice === "required" || isFields(choice);
}

function readChoice(choice: unknown, notes: TranslationNotes): ToolChoice | null {
  if (choice === undefined || choice === null || choice === "auto") return null;
  if (choice === "none") return { type: "none" };
  if (choice === "required") return { type: "any" };
  const called = isFields(choice) && choice["type"] === "function" ? choice["function"] : undefined;
  if (isFields(called) && typeof called["name"] === "string") return { type: "tool", name: called["name"] };
  notes.reject("tool_choice", "This form of 'tool_choice'");
  return null;
}
