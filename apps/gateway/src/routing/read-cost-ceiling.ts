import type { IncomingMessage } from "node:http";
import { parseUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { GatewayError } from "../errors/gateway-error.ts";

const header = "x-switchyard-max-cost-usd";
const decimal = /^\d{1,9}(?:\.\d{1,12})?$/;

/** What the client lets one attempt cost at most; null where it does not say. Throws `invalid_header`. */
export function readCostCeiling({ headers }: IncomingMessage): PicoUsd | null {
  const value = headers[header];
  if (value === undefined) return null;
  if (typeof value !== "string" || !decimal.test(value)) {
    throw new GatewayError("invalid_header", `${header} must be a decimal amount of US dollars, such as 0.05.`, {
      param: header,
    });
  }
  return parseUsd(value);
}
