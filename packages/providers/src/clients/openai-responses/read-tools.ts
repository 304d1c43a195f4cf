import type { ConversationNotes } from "../../conversation/conversation-notes.ts";
import type { Conversation, ConversationTool } from "../../conversation/conversation.ts";
import { isFields } from "../../json/field-reader.ts";

/** Functions. Tools that the provider runs, and those with a grammar, are nothing that another provider knows. */
export function readTools(tools: unknown, notes: ConversationNotes): ConversationTool[] {
  return (Array.isArray(tools) ? tools : []).flatMap((tool: unknown, index): ConversationTool[] => {
    if (!isFields(tool) || tool["type"] !== "function" || typeof tool["name"] !== "string") {
      notes.reject(`tools[${index}]`, "A tool that is not a function");
      return [];
    }
    const { name, description, parameters, strict } = tool;
    return [
      {
        type: "function",
        function: {
          name,
          ...(typeof description === "string" ? { description } : {}),
          ...(isFields(parameters) ? { parameters } : {}),
          ...(strict === true ? { strict } : {}),
        },
      },
    ];
  });
}

export function readToolChoice(choice: unknown, notes: ConversationNotes): Pick<Conversation, "tool_choice"> {
  if (choice === undefined || choice === null || choice === "auto") return {};
  if (choice === "none" || choice === "required") return { tool_choice: choice };
  if (isFields(choice) && choice["type"] === "function" && typeof choice["name"] === "string") {
    return { tool_choice: { type: "function", function: { name: choice["name"] } } };
  }
  notes.reject("tool_choice", "This form of 'tool_choice'");
  return {};
}
