import { parameterModes, type ParameterMode } from "@switchyard/providers/parameters/parameter-rules";
import { GatewayError } from "../errors/gateway-error.ts";

/** What `x-switchyard-params` asks for. Throws GatewayError: invalid_header. */
export function readParameterMode(header: string | readonly string[] | undefined): ParameterMode {
  if (header === undefined) return "default";
  const mode = parameterModes.find((known) => known === header);
  if (mode !== undefined) return mode;
  throw new GatewayError("invalid_header", `x-switchyard-params must be one of ${parameterModes.join(", ")}.`, {
    param: "x-switchyard-params",
  });
}
