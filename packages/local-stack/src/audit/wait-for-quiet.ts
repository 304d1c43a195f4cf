/** Waits until every call that anybody knows of is in the ledger, or until nothing has happened for too long. */
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientCall, isRepeated } from "./client-history.ts";
import type { LedgerHistory } from "./ledger-history.ts";
import type { SimulatorEntry } from "./simulator-api.ts";

export interface QuietOptions {
  readonly ledger: LedgerHistory;
  readonly providerEntries: () => Promise<SimulatorEntry[]>;
  readonly calls: readonly ClientCall[];
  readonly patienceMs: number;
  readonly note: (text: string) => void;
}

const lookEveryMs = 400;
/** The ledger must stand still for as long, complete as it may seem. */
const quietMs = 1_500;

export async function waitForQuiet({ ledger, providerEntries, calls, patienceMs, note }: QuietOptions): Promise<void> {
  let rowCount = -1;
  let changedAt = performance.now();
  for (;;) {
    const rows = await ledger.rowCount();
    if (rows !== rowCount) {
      rowCount = rows;
      changedAt = performance.now();
    }
    const quietForMs = performance.now() - changedAt;
    if (quietForMs > patienceMs) return;
    const missing = await countMissing(ledger, await providerEntries(), calls);
    note(`waiting for quiet: ${missing} records are on their way`);
    if (missing === 0 && quietForMs >= quietMs) return;
    await sleep(lookEveryMs);
  }
}

async function countMissing(
  ledger: LedgerHistory,
  entries: readonly SimulatorEntry[],
  calls: readonly ClientCall[],
): Promise<number> {
  const attempts = await ledger.attempts();
  const closed = new Set(attempts.filter(({ closings }) => closings > 0).map(({ attemptId }) => attemptId));
  const rows = new Set((await ledger.requests()).map(({ requestId }) => requestId));
  const unsettled = entries.filter(
    ({ attemptId, outcome }) => outcome === "open" || attemptId === null || !closed.has(attemptId),
  );
  const unrecorded = calls.filter(
    (call) =>
      call.status === 200 && call.isWhole && !isRepeated(call) && call.requestId !== null && !rows.has(call.requestId),
  );
  return unsettled.length + unrecorded.length + attempts.filter(({ requestId }) => !rows.has(requestId)).length;
}
