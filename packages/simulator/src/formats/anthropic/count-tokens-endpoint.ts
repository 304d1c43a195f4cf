import { NO_TOKENS } from "../../answer/token-counts.ts";
import { isJsonObject, type JsonObject } from "../../text/json-object.ts";
import type { CallReading, Endpoint } from "../wire-format.ts";
import { findMessageProblem } from "./find-message-problem.ts";
import { countMessagesInputTokens } from "./messages-input-tokens.ts";

/** `POST /v1/messages/count_tokens`: what a message would be billed as input. Counting costs nothing. */
export const countTokensEndpoint: Endpoint = {
  name: "messages.count_tokens",
  path: "/v1/messages/count_tokens",
  readCall: readCountCall,
};

function readCountCall(body: unknown): CallReading {
  if (!isJsonObject(body) || typeof body["model"] !== "string") return rejected("model: Field required");
  const problem =
    body["max_tokens"] === undefined
      ? findMessageProblem(body["messages"])
      : "max_tokens: Extra inputs are not permitted";
  if (problem !== undefined) return rejected(problem);
  const inputTokens = countMessagesInputTokens(body, body["messages"] as readonly JsonObject[]);
  const answer = { body: JSON.stringify({ input_tokens: inputTokens }), tokens: NO_TOKENS };
  return { call: { model: body["model"], isStream: false, inputTokens: 0, answer: () => answer } };
}

function rejected(message: string): CallReading {
  return { rejection: { status: 400, message } };
}
