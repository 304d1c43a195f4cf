/** The period that a page looks at, kept in the URL as `range=24h` or as `from` and `to`. */
import { parseAsIsoDateTime, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { useCurrentMinute } from "./use-current-minute.ts";

const rangePresets = ["1h", "24h", "7d", "30d", "custom"] as const;
export type RangePreset = (typeof rangePresets)[number];

const presetMs: Record<Exclude<RangePreset, "custom">, number> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

export interface TimeRange {
  readonly preset: RangePreset;
  /** ISO instants, end exclusive. */
  readonly from: string;
  readonly to: string;
}

/** A custom period that is not one (end before start, or a half of it missing in the URL) becomes the last 24 hours. */
export function resolveRange(preset: RangePreset, from: Date | null, to: Date | null, endMs: number): TimeRange {
  if (preset === "custom" && from && to && from < to) return { preset, from: from.toISOString(), to: to.toISOString() };
  const known = preset === "custom" ? "24h" : preset;
  return { preset: known, from: new Date(endMs - presetMs[known]).toISOString(), to: new Date(endMs).toISOString() };
}

export function useTimeRange(defaultPreset: RangePreset = "24h") {
  const [state, setState] = useQueryStates({
    range: parseAsStringLiteral(rangePresets).withDefault(defaultPreset),
    from: parseAsIsoDateTime,
    to: parseAsIsoDateTime,
  });
  const endMs = useCurrentMinute();
  const range = useMemo(
    () => resolveRange(state.range, state.from, state.to, endMs),
    [state.range, state.from, state.to, endMs],
  );
  return {
    range,
    choosePreset: (preset: RangePreset) => void setState({ range: preset, from: null, to: null }),
    chooseCustom: (from: Date, to: Date) => void setState({ range: "custom", from, to }),
  };
}
