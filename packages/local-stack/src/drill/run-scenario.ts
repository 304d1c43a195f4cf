import { DrillProviders, type DrillSite, drillTargets } from "./drill-providers.ts";
import { type DrillFigures, measure } from "./measure.ts";
import { drillTimeouts, type DrillScenario, usualLatencyMs } from "./scenarios.ts";
import { sendCalls } from "./send-calls.ts";

export interface DrillSize {
  readonly clients: number;
  readonly callsBefore: number;
  readonly callsDuring: number;
}

export interface DrillResult {
  readonly scenario: DrillScenario;
  readonly figures: DrillFigures;
  /** Which targets were missed, in words; empty where all were met. */
  readonly missed: readonly string[];
}

/** Runs one fault against providers of its own: some calls while both are healthy, then the fault, then the rest. */
export async function runScenario(site: DrillSite, scenario: DrillScenario, size: DrillSize): Promise<DrillResult> {
  const { resilience } = scenario;
  const providers = await DrillProviders.create(site, resilience ? { ...drillTargets, resilience } : drillTargets);
  const { key, route, first, second } = providers;
  const plan = { gatewayUrl: site.gatewayUrl, key, route, clients: size.clients, streams: scenario.streams };
  const before = await sendCalls(plan, size.callsBefore);
  const receivedBefore = (await providers.received(first)) + (await providers.received(second));
  if (scenario.fault === "refuse") providers.closeFirst();
  else {
    for (const provider of scenario.hitsBoth ? [first, second] : [first]) {
      await providers.behave(provider, scenario.fault);
    }
  }
  const during = await sendCalls(plan, size.callsDuring);
  const received = (await providers.received(first)) + (await providers.received(second));
  providers.closeFirst();
  const figures = measure({
    before,
    during,
    healthy: scenario.hitsBoth ? null : second,
    evidenceAfterMs: scenario.evidenceAfterMs,
    promptMs: Math.min(drillTimeouts.firstByteMs, 9 * usualLatencyMs),
    receivedByProviders: received - receivedBefore,
  });
  return { scenario, figures, missed: missedTargets(figures, scenario) };
}

function missedTargets(figures: DrillFigures, { targets }: DrillScenario): string[] {
  const missed: string[] = [];
  if (targets.failedShare !== null && figures.failedShare > targets.failedShare) missed.push("failed calls");
  if (figures.silentlyCut > 0) missed.push("answers cut without a word");
  const { divertedAfterMs } = targets;
  if (divertedAfterMs !== null && (figures.divertedAfterMs ?? Infinity) > divertedAfterMs)
    missed.push("diverted after");
  if (figures.amplification > targets.amplification) missed.push("calls per call");
  return missed;
}
