import type { GatewayError } from "./gateway-error.ts";

/** An error in OpenAI's shape, as JSON text. */
export function errorBody(error: GatewayError): string {
  const { message, code, param, definition } = error;
  return JSON.stringify({ error: { message, type: definition.type, param, code } });
}
