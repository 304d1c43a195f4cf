/** Reports this process every five seconds; the answer is the database's clock and how many gateways are alive. */
export class GatewayHeartbeat {
  /** What the heartbeat tells of policy from now on: the revision in force, and why a newer one was refused, if it was. */
  reportPolicy(_revision: number | null, _problem: object | null): void {
    throw new Error("not built yet");
  }
}
