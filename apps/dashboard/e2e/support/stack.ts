/** The running stack that the tests look at; whoever starts it says where it is. */
import { readFileSync } from "node:fs";

export interface RunningStack {
  readonly gatewayUrl: string;
  readonly adminUrl: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
  readonly adminToken: string;
  readonly virtualKey: string;
}

export function readStack(): RunningStack {
  const file = process.env["SWITCHYARD_FIRST_RUN"];
  if (!file) throw new Error("Set SWITCHYARD_FIRST_RUN to the first-run.json of a running Switchyard.");
  return JSON.parse(readFileSync(file, "utf8")) as RunningStack;
}
