/** A layer of the test suite, and how its results are counted. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export interface LayerResult extends Tally {
  /** What to show when something failed. */
  output: string;
}

export interface LayerContext {
  note: (text: string) => void;
  signal: AbortSignal;
}

export interface Layer {
  name: string;
  run: (context: LayerContext) => Promise<LayerResult>;
}

/** A layer that ran nothing has proved nothing, so it counts as one failure. */
export function requireTests(name: string, result: LayerResult): LayerResult {
  if (result.passed + result.failed > 0) return result;
  return { ...result, failed: 1, output: `${result.output}\n${name}: no test ran.\n` };
}

export function sumTallies(tallies: readonly Tally[]): Tally {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of tallies) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/** The closing line of `npm test`, which others read by machine. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
