import { Injectable } from "@nestjs/common";
import { resolveRoute } from "@switchyard/policy-engine/routing/resolve-route";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { writeModels } from "./models-response.writer.ts";

/** Lists the routes that the caller may call: they are what it may name as `model`. */
@Injectable()
export class ModelsPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    readAttribution(call, caller);
    const callable = policy.revision.routes.filter(({ name }) => resolveRoute(policy, caller, name).kind === "route");
    writeModels(call, policy, callable);
  }
}
