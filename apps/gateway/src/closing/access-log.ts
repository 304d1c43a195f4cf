import type { Logger } from "@switchyard/telemetry/logger";
import { writeVettedLine } from "@switchyard/telemetry/vetted-line";
import type { Call } from "../accept/call.ts";
import { overheadMs } from "./request-record.ts";

/**
 * One line for each call. Ids, numbers and names from policy, never a prompt, an answer or anything else that a client or
 * a provider wrote: that is what lets it pass redaction by, which would cost as much as the rest of a call's bookkeeping.
 */
export class AccessLog {
  readonly #logger: Logger;
  readonly #service = `"service":"gateway","pid":${process.pid}`;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  write(call: Call, durationMs: number): void {
    if (!this.#logger.isLevelEnabled("info")) return;
    const { attribution, route, connection, model, policy } = call;
    writeVettedLine(
      this.#logger,
      `{"level":"info","time":"${new Date().toISOString()}",${this.#service},"requestId":"${call.requestId}",` +
        `"operation":"${call.kind}","status":${call.status},"errorCode":${quoted(call.errorCode)},` +
        `"verdict":${quoted(call.verdict)},"projectId":${quoted(attribution?.projectId)},` +
        `"virtualKeyId":${quoted(attribution?.virtualKeyId)},"route":${quoted(route?.name)},` +
        `"connectionId":${quoted(connection?.connectionId)},"model":${quoted(model?.providerModel)},` +
        `"policyRevision":${policy?.number ?? null},"stream":${call.isStream},"cache":"${call.cache}",` +
        `"attempts":${call.attempts},"costPicoUsd":"${call.costPicoUsd}","durationMs":${durationMs.toFixed(3)},` +
        `"firstTokenMs":${call.firstByteAt === null ? null : (call.firstByteAt - call.startedAt).toFixed(3)},` +
        `"overheadMs":${overheadMs(call, durationMs).toFixed(3)},"requestBytes":${call.requestBytes},` +
        `"responseBytes":${call.responseBytes},"msg":"request"}`,
    );
  }
}

/** An admin may put anything into a name: as JSON text it cannot break the line. */
function quoted(text: string | null | undefined): string {
  return text === null || text === undefined ? "null" : JSON.stringify(text);
}
