/** One population as a picture: what a success has cost so far, by the number of tasks. */
import type { PolicyResult, PopulationResult } from "./run-policies.ts";

const width = 860;
const height = 460;
const left = 70;
const right = 150;
const top = 50;
const bottom = 50;
/** Told apart by people who cannot tell red from green (Okabe and Ito). */
const colours = ["#999999", "#56b4e9", "#d55e00", "#000000", "#009e73", "#0072b2"];
const ticks = [0.2, 0.5, 1, 2, 5, 10, 20];

export function drawPlot({ seed, fixed, bestFixed, cascade, adaptive }: PopulationResult, tasks: number): string {
  const policies = [...fixed, bestFixed, cascade, adaptive];
  const costs = policies.flatMap(({ curve }) => curve.slice(2)).map((dollars) => dollars * 1_000);
  const low = Math.log(Math.min(...costs) * 0.8);
  const high = Math.log(Math.max(...costs) * 1.2);
  const y = (dollars: number): number => top + ((high - Math.log(dollars)) / (high - low)) * (height - top - bottom);
  const points = cascade.curve.length;
  const x = (index: number): number => left + ((index + 1) / points) * (width - left - right);
  const gridLines = ticks
    .filter((dollars) => Math.log(dollars) > low && Math.log(dollars) < high)
    .map((dollars) => {
      const at = y(dollars).toFixed(1);
      return (
        `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="#dddddd"/>` +
        `<text x="${left - 8}" y="${at}" dy="4" text-anchor="end">$${dollars}</text>`
      );
    });
  const labels = placeLabels(policies, y);
  const lines = policies.map(({ name, curve }, index) => {
    const colour = colours[index] ?? "#000000";
    const path = curve.map((dollars, at) => `${x(at).toFixed(1)},${y(dollars * 1_000).toFixed(1)}`).join(" ");
    const dash = name === "best fixed" ? ' stroke-dasharray="6 4"' : "";
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${path}"/>` +
      `<text x="${width - right + 8}" y="${(labels[index] ?? 0).toFixed(1)}" dy="4" fill="${colour}">${name}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${left}" y="28" font-size="15">Cost of a thousand successful tasks so far, population ${seed}</text>`,
    ...gridLines,
    ...lines,
    `<text x="${left}" y="${height - 18}">0</text>`,
    `<text x="${width - right}" y="${height - 18}" text-anchor="end">${tasks.toLocaleString("en-US")} tasks</text>`,
    "</svg>",
    "",
  ].join("\n");
}

/** Beside the ends of their lines, and never on top of each other. */
function placeLabels(policies: readonly PolicyResult[], y: (dollars: number) => number): number[] {
  const ends = policies.map(({ curve }, index) => ({ index, at: y((curve.at(-1) ?? 1) * 1_000) }));
  const placed: number[] = [];
  let lowest = -Infinity;
  for (const { index, at } of ends.toSorted((one, other) => one.at - other.at)) {
    lowest = Math.max(at, lowest + 16);
    placed[index] = lowest;
  }
  return placed;
}
