/** How meters read on screen, and in what their quantities are counted. */
import {
  adjustmentMeter,
  closedCorrectionMeter,
  correctionMeter,
  feeMeter,
  type Meter,
} from "@switchyard/metering/meters";

const names: { readonly [meter in Meter]: string } = {
  input: "Input",
  cached_input: "Cached input",
  cache_write_5m: "Cache write, 5 min",
  cache_write_30m: "Cache write, 30 min",
  cache_write_1h: "Cache write, 1 h",
  cache_write_12h: "Cache write, 12 h",
  audio_input: "Audio input",
  image_input: "Image input",
  output: "Output",
  reasoning: "Reasoning",
  audio_output: "Audio output",
  image_output: "Image output",
  audio_seconds: "Audio",
  characters: "Characters",
  images: "Images",
  search_units: "Search units",
  requests: "Requests",
};

const otherUnits: { readonly [meter in Meter]?: string } = {
  audio_seconds: "second",
  characters: "character",
  images: "image",
  search_units: "search unit",
  requests: "request",
};

export function nameOfMeter(meter: string): string {
  if (meter === adjustmentMeter) return "Adjustments";
  if (meter === feeMeter) return "Gateway fee";
  if (meter === correctionMeter) return "Corrections";
  if (meter === closedCorrectionMeter) return "Corrections of closed months";
  return names[meter as Meter] ?? meter;
}

/** Singular: "token", "image". */
export function unitOfMeter(meter: Meter): string {
  return otherUnits[meter] ?? "token";
}
