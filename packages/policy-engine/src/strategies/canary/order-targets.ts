import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { CanaryConfig } from "./config.ts";

const whole = 10_000;

/**
 * Draws whether the call is one of the canary's. Where it is, the others are its fallbacks; where it is not, the canary
 * comes last, because an answer of it is better than none. Weights mean nothing here.
 */
export function orderByCanary(input: OrderingInput, config: CanaryConfig): TargetOrder {
  const { candidates, memberIds, count, draws, nowMs } = input;
  const shareNow = canaryShare(config, nowMs);
  const isDrawn = draws.below(whole) < shareNow;
  const percent = `${shareNow / 100} %`;
  const chosen = candidates.find(({ memberId }) => memberId === memberIds.at(-1));
  if (chosen === undefined) return inOrder(input, "the canary cannot serve this call");
  const others = candidates.filter((candidate) => candidate !== chosen);
  const [first, ...rest] = isDrawn || others.length === 0 ? [chosen, ...others] : [...others, chosen];
  if (first === undefined) return { ordered: [], because: [] };
  const why =
    first === chosen
      ? `it is the canary, which gets ${percent} of the calls`
      : `the canary gets only ${percent} of the calls`;
  const ordered = [first, ...rest].slice(0, count);
  return {
    ordered,
    because: [
      { code: first === chosen ? "canary_choice" : "canary_spared", text: `Chose ${first.label}: ${why}.` },
      ...ordered.slice(1).map(({ label }) => ({ code: "canary_next", text: `Next in line is ${label}.` })),
    ],
  };
}

function inOrder({ candidates, count }: OrderingInput, why: string): TargetOrder {
  const ordered = candidates.slice(0, count);
  const because = ordered.map(({ label }, index) =>
    index === 0
      ? { code: "canary_spared", text: `Chose ${label}: ${why}.` }
      : { code: "canary_next", text: `Next in line is ${label}.` },
  );
  return { ordered, because };
}

/** In hundredths of a percent. */
export function canaryShare({ percent, ramp }: CanaryConfig, nowMs: number): number {
  const start = percent * 100;
  if (ramp === undefined || nowMs <= ramp.fromMs) return start;
  const end = ramp.percent * 100;
  if (nowMs >= ramp.toMs) return end;
  return Math.floor(start + ((end - start) * (nowMs - ramp.fromMs)) / (ramp.toMs - ramp.fromMs));
}
