import type { ChatFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { parseJsonObject, type JsonBody } from "./parse-json-object.ts";
import { readParameterMode } from "./read-parameter-mode.ts";

export interface ChatRequest {
  readonly body: JsonBody;
  readonly facts: ChatFacts;
}

/** Reads what the gateway acts on in a request for an answer, in the client's protocol; the rest is the provider's to judge. Throws GatewayError. */
export function parseChatRequest(call: Call, bytes: Buffer): ChatRequest {
  call.requestBytes = bytes.length;
  const body = parseJsonObject(bytes);
  const reading = call.client.readFacts(body.parsed, body.members);
  if (!reading.ok) throw new GatewayError("invalid_request", reading.message, { param: reading.param });
  call.requestedModel = reading.facts.model;
  call.isStream = reading.facts.stream;
  call.parameterMode = readParameterMode(call.request.headers["x-switchyard-params"]);
  return { body, facts: reading.facts };
}
