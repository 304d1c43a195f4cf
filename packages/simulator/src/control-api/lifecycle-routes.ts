import { z } from "zod";
import type { Listener } from "../http/listener.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { ControlError, type ControlRoute } from "./control-route.ts";
import { parseInput } from "./parse-input.ts";

const listenerSchema = z.strictObject({ accepting: z.boolean() });

export interface LifecycleRouteOptions {
  readonly seed: string;
  readonly ledger: Ledger;
  readonly listener: Listener;
  /** Whether the control API would stay reachable with the data port closed. */
  readonly hasControlPort: boolean;
  readonly reset: () => Promise<void>;
}

/** Health, reset, and opening and closing of the data port. */
export function lifecycleRoutes({
  seed,
  ledger,
  listener,
  hasControlPort,
  reset,
}: LifecycleRouteOptions): ControlRoute[] {
  return [
    {
      method: "GET",
      pattern: /^health$/,
      run: () => ({
        status: 200,
        body: { status: "ok", seed, accepting: listener.isAccepting, openCalls: ledger.openCalls },
      }),
    },
    {
      method: "POST",
      pattern: /^reset$/,
      run: async () => {
        await reset();
        return { status: 204 };
      },
    },
    {
      method: "POST",
      pattern: /^listener$/,
      run: async ({ body }) => {
        const { accepting } = parseInput(listenerSchema, body, "listener");
        if (!accepting && !hasControlPort) {
          throw new ControlError(
            409,
            "Closing the data port would shut out this API too: start the simulator with a control port.",
          );
        }
        await (accepting ? listener.open() : listener.shut());
        return { status: 200, body: { accepting: listener.isAccepting } };
      },
    },
  ];
}
