/** What to believe of a share after some trials: a beta distribution (Thompson 1933; Russo et al., "A Tutorial on Thompson Sampling"). */
import type { SeededDraws } from "../routing/seeded-draws.ts";

export interface BetaBelief {
  readonly alpha: number;
  readonly beta: number;
}

export function meanOf({ alpha, beta }: BetaBelief): number {
  return alpha / (alpha + beta);
}

/**
 * What the share is surely below: three deviations above its mean, by the normal approximation. It is asked again after every
 * trial, and whatever a bound is wrong about once is never tried again, so that 95 % would not do.
 */
export function upperBoundOf({ alpha, beta }: BetaBelief): number {
  const sum = alpha + beta;
  const deviation = Math.sqrt((alpha * beta) / (sum * sum * (sum + 1)));
  return alpha / sum + 3 * deviation;
}

/** One draw; `alpha` and `beta` are at least 1. */
export function drawShare({ alpha, beta }: BetaBelief, draws: SeededDraws): number {
  const left = drawGamma(alpha, draws);
  return left / (left + drawGamma(beta, draws));
}

/** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", for shapes of at least 1. */
function drawGamma(shape: number, draws: SeededDraws): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = drawNormal(draws);
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(drawUnit(draws)) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller. */
function drawNormal(draws: SeededDraws): number {
  return Math.sqrt(-2 * Math.log(drawUnit(draws))) * Math.cos(2 * Math.PI * drawUnit(draws));
}

/** Between 0 and 1, both excluded. */
function drawUnit(draws: SeededDraws): number {
  return (draws.below(2 ** 32) + 0.5) / 2 ** 32;
}
