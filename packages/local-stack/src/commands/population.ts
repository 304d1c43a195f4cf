/** `npm run population`: cascade and adaptive routing on tasks with known outcomes; prints what a success costs and draws it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { barsOf, describePopulation } from "../population/describe-population.ts";
import { drawPlot } from "../population/draw-plot.ts";
import { runPolicies } from "../population/run-policies.ts";
import { repositoryRoot } from "../repository-root.ts";
import { runCommand } from "./run-command.ts";

const tasks = 20_000;
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

await runCommand(async ({ signal }) => {
  const results = seeds.map((seed) => {
    signal.throwIfAborted();
    return runPolicies(tasks, seed);
  });
  console.log(`${tasks} tasks in each population; dollars for a thousand successes, and the share that succeeded\n`);
  console.log(describePopulation(results));
  const [first] = results;
  if (first !== undefined) {
    const path = join("docs", "images", "population.svg");
    writeFileSync(join(repositoryRoot, path), drawPlot(first, tasks));
    console.log(`\ndrawn: ${path}`);
  }
  return barsOf(results).every(({ isHeld }) => isHeld) ? 0 : 1;
});
