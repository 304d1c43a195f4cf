import { readChatFacts, type ChatFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { parseJsonObject, type JsonBody } from "./parse-json-object.ts";

export interface ChatRequest {
  readonly body: JsonBody;
  readonly facts: ChatFacts;
}

/** Reads what the gateway acts on in a chat request; the rest is the provider's to judge. Throws GatewayError. */
export function parseChatRequest(call: Call, bytes: Buffer): ChatRequest {
  call.requestBytes = bytes.length;
  const body = parseJsonObject(bytes);
  const reading = readChatFacts(body.parsed, body.members);
  if (!reading.ok) throw new GatewayError("invalid_request", reading.message, { param: reading.param });
  call.requestedModel = reading.facts.model;
  call.isStream = reading.facts.stream;
  return { body, facts: reading.facts };
}
