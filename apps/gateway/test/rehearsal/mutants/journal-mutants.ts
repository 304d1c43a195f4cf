/** Bugs between the end of an attempt and its row in the ledger. */
import { randomUUID } from "node:crypto";
import type { AttemptRecord, HoldRecord, UsageBatch, UsageEvent } from "@switchyard/metering/usage-event";
import type { IngestedBatchesRepository } from "../../../src/settlement/ingested-batches.repository.ts";
import type { Journal } from "../../../src/settlement/journal.ts";
import type { UsageQueueRepository } from "../../../src/settlement/usage-queue.repository.ts";
import { builtClass, originalMethod, replaceMethod } from "./built-class.ts";

const journal = () => builtClass<Journal>("settlement/journal", "Journal");
const queue = () => builtClass<UsageQueueRepository>("settlement/usage-queue.repository", "UsageQueueRepository");

/** A client that hangs up takes the record of its call with it. */
export async function loseAborted(): Promise<void> {
  replaceMethod(await journal(), "appendEvent", (original, _self, event) => {
    if (event.type === "attempt" && event.verdict === "cancelled") return;
    original(event);
  });
}

/** Holds are in memory until their call ends: a killed process knows nothing of what it had sent. */
export async function holdAfterDispatch(): Promise<void> {
  const prototype = await journal();
  const waiting = new Map<string, HoldRecord>();
  const appendOriginal = originalMethod(prototype, "append");
  replaceMethod(prototype, "append", (_original, _self, hold) => {
    waiting.set(hold.attemptId, hold);
    return Promise.resolve();
  });
  replaceMethod(prototype, "appendEvent", (original, self, event) => {
    const hold = event.type === "attempt" ? waiting.get(event.attemptId) : undefined;
    if (hold !== undefined) void appendOriginal(self, hold);
    if (event.type === "attempt") waiting.delete(event.attemptId);
    original(event);
  });
}

/** A batch that is delivered again counts again, because its records get their ids on arrival. */
export async function ingestTwice(): Promise<void> {
  replaceMethod(await queue(), "add", async (original, _self, batch, jobId) => {
    await original(batch, jobId);
    const events = batch.events.map((event) =>
      event.type === "attempt" ? { ...event, attemptId: renamed(event.attemptId) } : event,
    );
    await original({ ...batch, batchId: `${batch.batchId}-again`, events }, `${jobId}-again`);
  });
}

/** Another id of the same day. */
function renamed(attemptId: string): string {
  return attemptId.slice(0, 18) + randomUUID().slice(18);
}

/** What was handed to the queue counts as written, and its journal is deleted. */
export async function acknowledgeEarly(): Promise<void> {
  const prototype = await builtClass<IngestedBatchesRepository>(
    "settlement/ingested-batches.repository",
    "IngestedBatchesRepository",
  );
  replaceMethod(prototype, "among", (_original, _self, batchIds) => Promise.resolve([...batchIds]));
}

/** Whatever was under way when a process was killed costs nothing. */
export async function crashIsFree(): Promise<void> {
  await changeShipped(({ failureClass, ...attempt }) =>
    failureClass === "process_lost"
      ? { ...free({ failureClass, ...attempt }), closing: "void" }
      : { failureClass, ...attempt },
  );
}

/** Usage that makes no sense is booked with the sign that it came with. */
export async function negativeCost(): Promise<void> {
  await changeShipped((attempt) =>
    attempt.usageSource === "upper_bound" && attempt.verdict === "complete" && attempt.costPicoUsd !== "0"
      ? { ...attempt, costPicoUsd: `-${attempt.costPicoUsd}` }
      : attempt,
  );
}

function free(attempt: AttemptRecord): AttemptRecord {
  const quotas = attempt.quotas.map((charge) => ({ ...charge, chargedPicoUsd: "0", overrunPicoUsd: "0" }));
  return { ...attempt, costPicoUsd: "0", usageSource: "none", lines: [], quotas };
}

async function changeShipped(change: (attempt: AttemptRecord) => AttemptRecord): Promise<void> {
  const changeEvent = (event: UsageEvent): UsageEvent => (event.type === "attempt" ? change(event) : event);
  replaceMethod(await queue(), "add", (original, _self, batch: UsageBatch, jobId) =>
    original({ ...batch, events: batch.events.map(changeEvent) }, jobId),
  );
}
