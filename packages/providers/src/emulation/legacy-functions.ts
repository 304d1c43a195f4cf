/**
 * `functions` and `function_call`, which OpenAI's protocol had before tools, for providers that know tools only. The
 * answer to such a request is told in the old words again.
 */
import { isFields } from "../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a chat request, or a message of its history, is in the old words. */
export function usesFunctions({ functions, function_call: choice, messages }: Fields): boolean {
  if (Array.isArray(functions) || (choice !== undefined && choice !== null)) return true;
  return Array.isArray(messages) && messages.some(isOfFunction);
}

/** The same request with tools. */
export function withTools(parsed: Fields): Fields {
  if (!usesFunctions(parsed)) return parsed;
  const { functions, function_call: choice, messages, ...rest } = parsed;
  const history = new ToolHistory();
  return {
    ...rest,
    messages: Array.isArray(messages) ? messages.map((message: unknown) => history.rewrite(message)) : messages,
    ...(Array.isArray(functions)
      ? { tools: functions.map((definition: unknown) => ({ type: "function", function: definition })) }
      : {}),
    ...(choice === undefined || choice === null ? {} : { tool_choice: toolChoice(choice) }),
  };
}

function isOfFunction(message: unknown): boolean {
  return isFields(message) && (message["role"] === "function" || isFields(message["function_call"]));
}

function toolChoice(choice: unknown): unknown {
  return isFields(choice) && typeof choice["name"] === "string"
    ? { type: "function", function: { name: choice["name"] } }
    : choice;
}

/** Results belong to the call before them: there were no ids. */
class ToolHistory {
  #calls = 0;

  rewrite(message: unknown): unknown {
    if (!isFields(message)) return message;
    const { role, function_call: call, name: _name, ...rest } = message;
    if (role === "function") return { ...rest, role: "tool", tool_call_id: this.#id() };
    if (!isFields(call)) return message;
    this.#calls++;
    return { ...rest, role, tool_calls: [{ id: this.#id(), type: "function", function: call }] };
  }

  #id(): string {
    return `call_${this.#calls}`;
  }
}
