import type { Json } from "../comparison/json-differences.ts";
import { withItems, withMember } from "../comparison/json-members.ts";
import { parseArguments } from "./answer-meaning.ts";

/** A request in which the calls of its messages have their arguments as JSON and not as a text, so that they can be compared. */
export function withParsedCalls(body: Json): Json {
  return withMember(body, "messages", (messages) =>
    withItems(messages, (message) =>
      withMember(message, "tool_calls", (calls) =>
        withItems(calls, (call) => withMember(call, "function", (called) => withMember(called, "arguments", parsed))),
      ),
    ),
  );
}

function parsed(text: Json): Json {
  return typeof text === "string" ? parseArguments(text) : text;
}
