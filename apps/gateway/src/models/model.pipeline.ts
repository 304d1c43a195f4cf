import { Injectable } from "@nestjs/common";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import { writeModel } from "./models-response.writer.ts";

export const modelPath = "/v1/models/";

/** Describes one route, if the caller may call it. */
@Injectable()
export class ModelPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    readAttribution(call, caller);
    call.requestedModel = nameIn(call.request.url ?? "");
    writeModel(call, policy, requestedRoute(call, policy, caller));
  }
}

/** Names of routes may hold slashes, encoded or not. The server has refused addresses that cannot be decoded. */
function nameIn(url: string): string {
  const queryAt = url.indexOf("?");
  return decodeURIComponent(url.slice(modelPath.length, queryAt === -1 ? undefined : queryAt));
}
