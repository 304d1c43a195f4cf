import { Injectable } from "@nestjs/common";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { ReceiptFinder } from "./receipt-finder.ts";
import { writeReceipt } from "./receipt-response.writer.ts";

/** Shows what a call cost and why, to the project that made it. */
@Injectable()
export class ReceiptsPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly receipts: ReceiptFinder,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    readAttribution(call, caller);
    writeReceipt(call, policy, await this.receipts.find(requestedId(call.request.url), caller.projectId));
  }
}

function requestedId(url = ""): string {
  const [path = ""] = url.split("?", 1);
  return path.slice(path.lastIndexOf("/") + 1);
}
