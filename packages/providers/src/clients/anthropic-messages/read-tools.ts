import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { Conversation, ConversationTool } from "../../conversation/conversation.ts";
import { isFields } from "../../json/field-reader.ts";
import { readCacheHint } from "./read-blocks.ts";

/** The client's own tools. Those that Anthropic defines or runs are nothing that another provider knows. */
export function readTools(tools: unknown, notes: ConversationNotes): ConversationTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool: unknown, index): ConversationTool[] => {
    const isOwn = isFields(tool) && (tool["type"] === undefined || tool["type"] === null || tool["type"] === "custom");
    if (!isOwn || typeof tool["name"] !== "string") {
      notes.reject(`tools[${index}]`, "A tool that is not the client's own");
      return [];
    }
    const { name, description, input_schema: schema, strict } = tool;
    return [
      {
        type: "function",
        function: {
          name,
          ...(typeof description === "string" ? { description } : {}),
          ...(isFields(schema) ? { parameters: schema } : {}),
          ...(strict === true ? { strict } : {}),
        },
        ...readCacheHint(tool),
      },
    ];
  });
}

export function readToolChoice(
  choice: unknown,
  notes: ConversationNotes,
): Pick<Conversation, "tool_choice" | "parallel_tool_calls"> {
  if (!isFields(choice)) return {};
  const parallel = choice["disable_parallel_tool_use"] === true ? { parallel_tool_calls: false } : {};
  switch (choice["type"]) {
    case "auto":
      return parallel;
    case "any":
      return { tool_choice: "required", ...parallel };
    case "none":
      return { tool_choice: "none" };
    case "tool":
      return { tool_choice: { type: "function", function: { name: String(choice["name"]) } }, ...parallel };
    default:
      notes.reject("tool_choice", "This form of 'tool_choice'");
      return {};
  }
}
