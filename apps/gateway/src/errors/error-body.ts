import { chatCompletions } from "@switchyard/providers/clients/chat-completions/protocol";
import type { ClientError, ClientProtocol } from "@switchyard/providers/clients/client-protocol";
import type { GatewayError } from "./gateway-error.ts";

/** An error in the shape of the client's protocol, as JSON text. */
export function errorBody(
  error: GatewayError,
  client: ClientProtocol = chatCompletions,
  requestId: string | null = null,
): string {
  return client.writeError(clientError(error), requestId);
}

/** What a client may know of an error, whatever its protocol makes of it. */
export function clientError({ message, code, param, definition }: GatewayError): ClientError {
  const { status, type } = definition;
  return { status, type, code, message, param };
}
