import { readEmbeddingsFacts, type EmbeddingsFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { parseJsonObject, type JsonBody } from "./parse-json-object.ts";

export interface EmbeddingsRequest {
  readonly body: JsonBody;
  readonly facts: EmbeddingsFacts;
}

/** Reads what the gateway acts on in an embeddings request. Throws GatewayError. */
export function parseEmbeddingsRequest(call: Call, bytes: Buffer): EmbeddingsRequest {
  call.requestBytes = bytes.length;
  const body = parseJsonObject(bytes);
  const reading = readEmbeddingsFacts(body.parsed, body.members);
  if (!reading.ok) throw new GatewayError("invalid_request", reading.message, { param: reading.param });
  call.requestedModel = reading.facts.model;
  return { body, facts: reading.facts };
}
