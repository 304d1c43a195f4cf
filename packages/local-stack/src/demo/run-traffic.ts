/** Sends the demo's calls at a steady pace that a laptop does not notice, while the providers' weather changes. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DemoKeys } from "./set-up-demo.ts";
import { type CallOutcome, makeCall } from "./make-call.ts";
import type { ProviderWeather } from "./provider-weather.ts";
import { nextCall } from "./traffic.ts";

const callsPerSecond = 10;

export interface TrafficSummary {
  calls: number;
  streams: number;
  cacheHits: number;
  /** Answered after a first attempt had failed. */
  failovers: number;
  results: Map<string, number>;
}

export interface TrafficOptions {
  gatewayUrl: string;
  keys: DemoKeys;
  weather: ProviderWeather;
  seconds: number;
  note: (text: string) => void;
  signal: AbortSignal;
}

export async function runTraffic(options: TrafficOptions): Promise<TrafficSummary> {
  const { gatewayUrl, keys, weather, seconds, note, signal } = options;
  const summary: TrafficSummary = { calls: 0, streams: 0, cacheHits: 0, failovers: 0, results: new Map() };
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  const share = () => (Date.now() - startedAt) / (seconds * 1000);
  while (share() < 1 && !signal.aborted) {
    const call = nextCall(Math.random);
    const running = makeCall(gatewayUrl, keys[call.project], call)
      .then((outcome) => add(summary, outcome))
      .finally(() => underWay.delete(running));
    underWay.add(running);
    const news = await weather.advance(share());
    note(`${Math.min(100, Math.round(share() * 100))} %, ${summary.calls} calls; ${news}`);
    // Exponential gaps: calls of independent people.
    await sleep((-Math.log(1 - Math.random()) * 1000) / callsPerSecond, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(underWay);
  return summary;
}

function add(summary: TrafficSummary, { result, isStream, isCacheHit, attempts }: CallOutcome): void {
  summary.calls += 1;
  summary.results.set(result, (summary.results.get(result) ?? 0) + 1);
  if (isStream) summary.streams += 1;
  if (isCacheHit) summary.cacheHits += 1;
  if (attempts > 1 && result === "answered") summary.failovers += 1;
}
