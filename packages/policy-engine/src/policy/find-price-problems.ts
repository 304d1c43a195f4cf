import type { PriceLine, PriceVersion } from "@switchyard/metering/price-version";
import type { PolicyProblem } from "./policy-problem.ts";
import type { PolicyRevision } from "./policy-revision.ts";

/** Price lists of which it could not be said, at some instant or for some call, which price applies. */
export function* findPriceProblems({ models }: PolicyRevision): Generator<PolicyProblem> {
  for (const [index, { prices }] of models.entries()) {
    yield* findVersionProblems(prices, `models[${index}].prices`);
    for (const [version, { lines }] of prices.entries()) {
      yield* findLineProblems(lines, `models[${index}].prices[${version}].lines`);
    }
  }
}

function* findVersionProblems(prices: readonly PriceVersion[], path: string): Generator<PolicyProblem> {
  const starts = new Set<string>();
  let latestMs = 0;
  for (const [index, { connectionId, effectiveFromMs }] of prices.entries()) {
    const at = `${path}[${index}].effectiveFromMs`;
    const start = JSON.stringify([connectionId, effectiveFromMs]);
    if (effectiveFromMs < latestMs) {
      const message = "Price versions must be listed from the oldest to the newest.";
      yield { path: at, code: "price_versions_out_of_order", message };
    } else if (starts.has(start)) {
      yield { path: at, code: "ambiguous_price_version", message: "Another version takes effect at the same instant." };
    }
    starts.add(start);
    latestMs = Math.max(latestMs, effectiveFromMs);
  }
}

function* findLineProblems(lines: readonly PriceLine[], path: string): Generator<PolicyProblem> {
  const conditions = new Set<string>();
  for (const [index, { meter, aboveInputTokens, timeWindow, serviceTier }] of lines.entries()) {
    const at = `${path}[${index}]`;
    if (timeWindow !== undefined && timeWindow.startMinute === timeWindow.endMinute) {
      const message = "The window begins and ends in the same minute, so it never applies.";
      yield { path: `${at}.timeWindow`, code: "empty_time_window", message };
    }
    const condition = JSON.stringify([
      meter,
      aboveInputTokens,
      timeWindow?.startMinute,
      timeWindow?.endMinute,
      serviceTier,
    ]);
    if (conditions.has(condition)) {
      const message = `Another line prices ${meter} under the same conditions.`;
      yield { path: at, code: "ambiguous_price_line", message };
    }
    conditions.add(condition);
  }
}
