import { describe, expect, it } from "vitest";
import { parseTimeWindow, windowsOverlap } from "./price-time-window.ts";

describe("parseTimeWindow", () => {
  it.each([
    ["00:30:00Z", "16:30:00Z", 30, 990],
    ["22:00:00Z", "06:00:00Z", 1320, 360],
    ["08:00:00+08:00", "12:00:00+08:00", 0, 240],
    ["20:00:00-05:00", "23:30:00-05:00", 60, 270],
    ["16:00:00Z", "00:00:00Z", 960, 1440],
  ])("%s to %s", (start, end, startMinute, endMinute) => {
    expect(parseTimeWindow(start, end)).toEqual({ startMinute, endMinute });
  });

  it.each([
    ["00:30:30Z", "16:30:00Z"],
    ["00:30:00", "16:30:00"],
    ["24:00:00Z", "16:30:00Z"],
    ["05:00:00Z", "05:00:00Z"],
    ["", "16:30:00Z"],
  ])("does not read %s to %s", (start, end) => {
    expect(parseTimeWindow(start, end)).toBeNull();
  });
});

describe("windowsOverlap", () => {
  const window = (startMinute: number, endMinute: number) => ({ startMinute, endMinute });

  it.each([
    [window(60, 240), window(360, 600), false],
    [window(60, 240), window(240, 600), false],
    [window(60, 241), window(240, 600), true],
    [window(1320, 360), window(359, 400), true],
    [window(1320, 360), window(360, 1320), false],
    [window(1320, 360), window(1400, 30), true],
  ])("%o and %o", (left, right, overlap) => {
    expect(windowsOverlap(left, right)).toBe(overlap);
    expect(windowsOverlap(right, left)).toBe(overlap);
  });
});
