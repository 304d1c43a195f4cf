/** `npm run check`: what can be judged in seconds, before a commit. */
import { closingLine } from "../testing/layer.ts";
import { runLayers } from "../testing/run-layers.ts";
import { generateDatabaseClient, staticChecks } from "../testing/static-checks.ts";
import { runCommand } from "./run-command.ts";

await runCommand(async ({ signal }) => {
  await generateDatabaseClient(signal);
  const tally = await runLayers(staticChecks, signal);
  console.log(`\n${closingLine(tally)}`);
  return tally.failed === 0 ? 0 : 1;
});
