import { GatewayError } from "../errors/gateway-error.ts";

/** A target cannot say what the client asked for. Another target may. */
export class UnsupportedParameterError extends GatewayError {
  constructor(message: string, param: string) {
    super("unsupported_parameter", message, { param });
  }
}
