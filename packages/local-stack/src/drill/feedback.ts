/** How long it takes until an adaptive route leaves a target whose answers people call bad, all the way through the ledger. */
import { setTimeout as sleep } from "node:timers/promises";
import { DrillProviders, type DrillSite, drillTargets } from "./drill-providers.ts";
import { sendCalls } from "./send-calls.ts";

const strategy = { type: "adaptive", explorePercent: 1, successPercentAtLeast: 50 };
const judgedCalls = 40;
/** Counted every 15 s, summed up every 30 s and read every 30 s, one after the other, and each takes a moment. */
const turnsWithinMs = 90_000;
const patienceMs = 150_000;
const settledRun = 5;

export interface FeedbackFigures {
  readonly judgedCalls: number;
  /** From the last word of feedback until calls go to the other target; null where they never did. */
  readonly turnedAfterMs: number | null;
  readonly missed: readonly string[];
}

/** Two targets of one price: the first gets the calls, until every answer of it gets a thumb down. */
export async function drillFeedback(site: DrillSite): Promise<FeedbackFigures> {
  const providers = await DrillProviders.create(site, { ...drillTargets, strategy });
  const { key, route, first, second } = providers;
  const plan = { gatewayUrl: site.gatewayUrl, key, route, streams: "none" } as const;
  const seen = await sendCalls({ ...plan, clients: 4 }, judgedCalls);
  // A hundredth of the calls explores, and may go to the second.
  const judged = seen.filter(({ provider }) => provider === first);
  const missed: string[] = [];
  if (judged.length < judgedCalls * 0.8) missed.push("calls before went elsewhere");
  for (const { requestId } of judged) await thumbDown(site, key, requestId);
  const saidAt = performance.now();
  let turnedAfterMs: number | null = null;
  while (turnedAfterMs === null && performance.now() - saidAt < patienceMs) {
    const calls = await sendCalls({ ...plan, clients: 1 }, settledRun);
    if (calls.every(({ provider }) => provider === second)) turnedAfterMs = performance.now() - saidAt;
    else await sleep(1_000);
  }
  providers.closeFirst();
  if ((turnedAfterMs ?? Infinity) > turnsWithinMs) missed.push("turned after");
  return { judgedCalls: judged.length, turnedAfterMs, missed };
}

async function thumbDown({ gatewayUrl }: DrillSite, key: string, requestId: string): Promise<void> {
  const response = await fetch(`${gatewayUrl}/v1/feedback`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ request_id: requestId, thumbs: "down" }),
  });
  if (!response.ok) throw new Error(`feedback was answered ${response.status}: ${await response.text()}`);
  await response.body?.cancel();
}

export function describeFeedback({ judgedCalls: calls, turnedAfterMs, missed }: FeedbackFigures): string {
  const turned = turnedAfterMs === null ? "never turned" : `turned after ${(turnedAfterMs / 1_000).toFixed(0)} s`;
  return [
    `  feedback, a thumb down for each of ${calls} answers of an adaptive route's first target`,
    `    ${turned}, at most ${turnsWithinMs / 1_000} s`,
    `    targets: ${missed.length === 0 ? "met" : `missed: ${missed.join(", ")}`}`,
  ].join("\n");
}
