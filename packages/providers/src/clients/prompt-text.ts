/** What a request says, as far as it takes to tell what it asks for. */
import { fieldsOf, objectsOf } from "./answer-content.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface PromptText {
  /** What the system, or the developer, told the model. */
  readonly instructions: string;
  /** What the user said last. */
  readonly lastMessage: string;
  /** Messages of the conversation. */
  readonly turns: number;
}

/** Text where it is plain, and the text parts of a list. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map(({ text }) => (typeof text === "string" ? text : ""))
    .join("\n");
}

/** Reads a list of messages with roles; `instructions` are those that come beside it. */
export function readPromptOf(messages: unknown, instructions: unknown): PromptText {
  if (typeof messages === "string") return { instructions: textOf(instructions), lastMessage: messages, turns: 1 };
  const told = objectsOf(messages);
  const first: Fields = fieldsOf(told[0]);
  const isTold = first["role"] === "system" || first["role"] === "developer";
  const last = told.findLast(({ role }) => role === "user");
  return {
    instructions: textOf(instructions) + (isTold ? textOf(first["content"]) : ""),
    lastMessage: textOf(last?.["content"]),
    turns: told.length,
  };
}
