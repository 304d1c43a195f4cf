/** `npm test`: every layer, cheapest first. `npm test -- unit e2e` runs the layers it names. */
import { OperatorError } from "../operator-error.ts";
import { build, isBuilt } from "../stack/build.ts";
import { browserLayer } from "../testing/browser-layer.ts";
import { closingLine, type Layer } from "../testing/layer.ts";
import { runLayers } from "../testing/run-layers.ts";
import { staticChecks } from "../testing/static-checks.ts";
import { vitestLayer } from "../testing/vitest-layer.ts";
import { runCommand } from "./run-command.ts";

const buildLayer: Layer = {
  name: "build",
  run: async ({ note, signal }) => {
    if (!(await isBuilt())) await build(note, signal);
    return { passed: 1, failed: 0, skipped: 0, output: "" };
  },
};

const testLayers = [...(["unit", "int", "e2e", "system"] as const).map(vitestLayer), browserLayer];

function chooseLayers(names: readonly string[]): Layer[] {
  const all = [...staticChecks, ...testLayers];
  const groups = new Map<string, readonly Layer[]>(all.map((layer) => [layer.name, [layer]]));
  groups.set("check", staticChecks);
  const chosen = names.length === 0 ? all : names.flatMap((name) => groups.get(name) ?? reject(name, groups));
  return [buildLayer, ...chosen];
}

function reject(name: string, groups: ReadonlyMap<string, unknown>): never {
  throw new OperatorError(`There is no test layer "${name}". Choose from: ${[...groups.keys()].join(", ")}.`);
}

await runCommand(async ({ signal }) => {
  const startedAt = Date.now();
  const tally = await runLayers(chooseLayers(process.argv.slice(2)), signal);
  console.log(`\n  after ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  console.log(closingLine(tally));
  return tally.failed === 0 ? 0 : 1;
});
