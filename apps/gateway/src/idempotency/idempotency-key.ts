import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";

const header = "idempotency-key";
const longest = 255;
const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Whether the client names its call, so that a retry of it is known again. */
export function carriesIdempotencyKey({ request }: Call): boolean {
  return request.headers[header] !== undefined;
}

/** Throws GatewayError `invalid_header`. */
export function readIdempotencyKey({ request }: Call): string {
  const value = request.headers[header];
  if (typeof value === "string" && value.length <= longest && printable.test(value)) return value;
  throw new GatewayError("invalid_header", `Idempotency-Key must be 1 to ${longest} printable ASCII characters.`, {
    param: header,
  });
}
