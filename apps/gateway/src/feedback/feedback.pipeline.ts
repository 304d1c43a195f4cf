import { usageEventVersion } from "@switchyard/metering/usage-event";
import { Injectable } from "@nestjs/common";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { parseJsonObject } from "../parse/parse-json-object.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { ReceiptFinder } from "../receipts/receipt-finder.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import { callNotFound, readFeedback } from "./read-feedback.ts";

/**
 * Takes what an application says of one of its calls into the journal, from where the worker counts it. While the database
 * is away nobody can tell whose a call was that another process served: its feedback is kept, and counts only if it turns
 * out to be the project's own.
 */
@Injectable()
export class FeedbackPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly calls: ReceiptFinder,
    private readonly settlement: SettlementService,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    readAttribution(call, caller);
    const given = readFeedback(parseJsonObject(await this.bodies.read(call.request)).parsed);
    const isTheirs = await this.calls.isCallOf(given.requestId, given.madeAtMs, caller.projectId);
    if (isTheirs === false) throw callNotFound();
    const keepsText = !policy.zeroRetentionProjects.has(caller.projectId);
    const record = {
      type: "feedback",
      version: usageEventVersion,
      ...given,
      value: keepsText ? given.value : null,
      comment: keepsText ? given.comment : null,
      givenAtMs: call.startedAtMs,
      projectId: caller.projectId,
      virtualKeyId: caller.virtualKeyId,
    } as const;
    try {
      await this.settlement.recordFeedback(record);
    } catch (cause) {
      const message = "The feedback cannot be kept at the moment.";
      throw new GatewayError("feedback_unavailable", message, { retryAfterSeconds: 30, cause });
    }
    writeCompleteAnswer(
      call,
      JSON.stringify({
        object: "feedback",
        request_id: record.requestId,
        score: record.scorePermille / 1_000,
        value: record.value,
        tags: record.tags,
        comment: record.comment,
        verified: isTheirs === true,
      }),
    );
  }
}
