/** A finish in OpenAI's words; `tellsFunctions` for clients that asked for functions and not for tools. */
export function finishOf(reason: string | null, tellsFunctions: boolean): string | null {
  return reason === "tool_calls" && tellsFunctions ? "function_call" : reason;
}
