/** What the overview shows, one row a metric: how to read it from a point, how to write it, and whether less is better. */
import type { OverviewPoint } from "@switchyard/api-contract/reports";
import { plotUsd, showCount, showDuration, showShare, showUsd } from "../../ui/quantities.ts";

export type OverviewFigures = Omit<OverviewPoint, "at">;

export interface OverviewMetric {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly lessIsBetter: boolean | null;
  readonly colour: string;
  /** For plotting and comparing; null where there is nothing to say (no requests, no look-ups). */
  readonly value: (figures: OverviewFigures) => number | null;
  readonly show: (figures: OverviewFigures) => string;
  /** An axis label for a plotted value. */
  readonly tick: (value: number) => string;
  /** No value can lie above; the axis has no room for more. */
  readonly most?: number;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const percentTick = (value: number): string =>
  `${(value * 100).toLocaleString("en-US", { maximumFractionDigits: 1 })} %`;
const countTick = (value: number): string => value.toLocaleString("en-US", { notation: "compact" });
const usdTick = (value: number): string =>
  `$${value.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 })}`;

export const overviewMetrics: readonly OverviewMetric[] = [
  {
    key: "requests",
    label: "Requests",
    hint: "Client calls, cached and failed ones included",
    lessIsBetter: null,
    colour: "signal.6",
    value: (figures) => figures.requests,
    show: (figures) => showCount(figures.requests),
    tick: countTick,
  },
  {
    key: "spend",
    label: "Spend",
    hint: "What the ledger charges for the period",
    lessIsBetter: true,
    colour: "blue.6",
    value: (figures) => plotUsd(figures.costUsd),
    show: (figures) => showUsd(figures.costUsd),
    tick: usdTick,
  },
  {
    key: "p50",
    label: "Latency p50",
    hint: "Half of the calls ended faster, from first byte in to last byte out",
    lessIsBetter: true,
    colour: "indigo.5",
    value: (figures) => figures.p50Ms,
    show: (figures) => showDuration(figures.p50Ms),
    tick: showDuration,
  },
  {
    key: "p99",
    label: "Latency p99",
    hint: "99 of 100 calls ended faster",
    lessIsBetter: true,
    colour: "violet.5",
    value: (figures) => figures.p99Ms,
    show: (figures) => showDuration(figures.p99Ms),
    tick: showDuration,
  },
  {
    key: "errors",
    label: "Error rate",
    hint: "Calls that were refused, failed or ended broken",
    lessIsBetter: true,
    colour: "red.6",
    value: (figures) => share(figures.errors, figures.requests),
    show: (figures) => showShare(figures.errors, figures.requests),
    tick: percentTick,
    most: 1,
  },
  {
    key: "cacheHits",
    label: "Cache-hit rate",
    hint: "Share of cache look-ups answered without a provider",
    lessIsBetter: false,
    colour: "teal.5",
    value: (figures) => share(figures.cacheHits, figures.cacheLookups),
    show: (figures) => showShare(figures.cacheHits, figures.cacheLookups),
    tick: percentTick,
    most: 1,
  },
  {
    key: "refusals",
    label: "Refusal rate",
    hint: "Answers in which the model declined",
    lessIsBetter: true,
    colour: "orange.6",
    value: (figures) => share(figures.refusals, figures.requests),
    show: (figures) => showShare(figures.refusals, figures.requests),
    tick: percentTick,
    most: 1,
  },
];
