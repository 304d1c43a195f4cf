import { encodeOpenAiError } from "../openai/openai-errors.ts";
import { openAiFormat } from "../openai/openai-format.ts";
import type { WireFormat } from "../wire-format.ts";
import { responsesEndpoint } from "./responses-endpoint.ts";

/** OpenAI's Responses API: the account, the errors and the headers are those of the rest of its API; events have names. */
export const responsesFormat: WireFormat = {
  ...openAiFormat,
  endpoints: [responsesEndpoint],
  modelList: undefined,
  encodeError: encodeOpenAiError,

  encodeEvent(json) {
    const value = JSON.parse(json) as { readonly type?: string; readonly error?: object };
    // In a stream an error is an event like the others: flat, with a type of its own.
    const event = value.error === undefined ? value : { ...value.error, type: "error", sequence_number: 0 };
    return `event: ${event.type ?? "message"}\ndata: ${JSON.stringify(event)}\n\n`;
  },
};
