/** What hedging gains and costs where the first byte of both providers is heavy-tailed. */
import { DrillProviders, type DrillSite, drillTargets } from "./drill-providers.ts";
import { quantileOf } from "./measure.ts";
import { sendCalls } from "./send-calls.ts";

const mostPercentOfCalls = 10;
/** A tail that a timeout cuts off would say nothing of hedging. */
const patientTimeouts = { connectMs: 1_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 30_000 };
const heavyTail = { latencyMs: { p50: 20, p99: 800 } };

export interface HedgingFigures {
  readonly calls: number;
  readonly p99WithoutMs: number;
  readonly p99WithMs: number;
  /** Attempts beyond one for each call, as a share of the calls. */
  readonly hedgedShare: number;
  /** What providers billed for the attempts that were let go of, as a share of what they billed for answers. */
  readonly extraSpendShare: number;
  readonly missed: readonly string[];
}

/** The same load twice, on routes that differ in hedging alone. */
export async function drillHedging(site: DrillSite, clients: number, calls: number): Promise<HedgingFigures> {
  const without = await firstBytes(site, false, clients, calls);
  const hedged = await firstBytes(site, true, clients, calls);
  const figures = {
    calls,
    p99WithoutMs: quantileOf(without.firstByteMs, 0.99),
    p99WithMs: quantileOf(hedged.firstByteMs, 0.99),
    hedgedShare: hedged.attempts / calls - 1,
    extraSpendShare: hedged.billed.brokenOff / hedged.billed.whole,
  };
  const missed: string[] = [];
  if (hedged.failed > 0) missed.push("failed calls");
  if (figures.p99WithMs >= figures.p99WithoutMs) missed.push("p99 of the first byte");
  if (figures.extraSpendShare > mostPercentOfCalls / 100) missed.push("extra spend");
  return { ...figures, missed };
}

async function firstBytes(site: DrillSite, enabled: boolean, clients: number, calls: number) {
  const resilience = {
    latencyObjective: { firstTokenMs: null, wholeAnswerMs: null },
    hedging: { enabled, mostPercentOfCalls },
  };
  const providers = await DrillProviders.create(site, { ...drillTargets, timeouts: patientTimeouts, resilience });
  const { key, route, first, second } = providers;
  for (const provider of [first, second]) await providers.behave(provider, heavyTail);
  const plan = { gatewayUrl: site.gatewayUrl, key, route, clients, streams: "all" } as const;
  const seen = await sendCalls(plan, calls);
  const billed = await providers.billedMicroUsd();
  providers.closeFirst();
  return {
    firstByteMs: seen.map(({ firstByteMs }) => firstByteMs),
    attempts: seen.reduce((sum, { attempts }) => sum + attempts, 0),
    failed: seen.filter(({ isWhole }) => !isWhole).length,
    billed,
  };
}

export function describeHedging(figures: HedgingFigures): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    `  hedging, ${figures.calls} streams whose first byte is heavy-tailed (p50 ${heavyTail.latencyMs.p50} ms, p99 ${heavyTail.latencyMs.p99} ms)`,
    `    first byte p99: ${figures.p99WithoutMs.toFixed(0)} ms without, ${figures.p99WithMs.toFixed(0)} ms with`,
    `    second attempts: ${percent(figures.hedgedShare)} of calls; extra spend: ${percent(figures.extraSpendShare)}, at most ${mostPercentOfCalls} %`,
    `    targets: ${figures.missed.length === 0 ? "met" : `missed: ${figures.missed.join(", ")}`}`,
  ].join("\n");
}
