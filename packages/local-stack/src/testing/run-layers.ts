/** Runs layers one after the other, shows how each went, and adds up. */
import { beginStep } from "../../progress.mjs";
import { OperatorError } from "../operator-error.ts";
import { type Layer, type LayerResult, sumTallies, type Tally } from "./layer.ts";

/** A layer that fails does not keep the others from running: one report says everything. */
export async function runLayers(layers: readonly Layer[], signal: AbortSignal): Promise<Tally> {
  const results: LayerResult[] = [];
  for (const layer of layers) {
    const result = await runLayer(layer, signal);
    if (result.failed > 0) console.log(`\n${result.output.trim()}\n`);
    results.push(result);
  }
  return sumTallies(results);
}

async function runLayer(layer: Layer, signal: AbortSignal): Promise<LayerResult> {
  signal.throwIfAborted();
  const step = beginStep(layer.name);
  try {
    const result = await layer.run({ note: step.note, signal });
    signal.throwIfAborted();
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
    const text = `${layer.name.padEnd(11)} ${result.passed} passed, ${result.failed} failed${skipped}`;
    if (result.failed > 0) step.failed(text);
    else step.done(text);
    return result;
  } catch (error) {
    step.failed();
    signal.throwIfAborted();
    const output = error instanceof OperatorError ? error.message : String((error as Error).stack);
    return { passed: 0, failed: 1, skipped: 0, output };
  }
}
