/** Pieces of requests as chat completions spell them, for calls that are compared with the same and with other protocols. */
import { citySchema } from "./sample-content.ts";

export const weatherTool = {
  type: "function",
  function: { name: "get_weather", description: "The weather in a city", parameters: citySchema },
};

/** A conversation in which a tool was called and has answered. */
export const answeredCall = [
  { role: "user", content: "What is the weather in Lisbon?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [
      { id: "call_abc123", type: "function", function: { name: "get_weather", arguments: '{"city":"Lisbon"}' } },
    ],
  },
  { role: "tool", tool_call_id: "call_abc123", content: '{"celsius":21.0}' },
];
